//! A logout against requests in flight.

use lodger_tests::cache::over_cached_db;
use lodger_tests::site::Site;

/// Promise 3
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn after_a_logout_no_request_in_flight_brings_the_session_back() {
    over_cached_db(|store| async move {
        let site = Site::new(store);
        for _ in 0..20 {
            let key = site.stored(r#"{"a":1}"#).await;
            let requests: Vec<_> = (0..50)
                .map(|number| {
                    let (site, key) = (site.clone(), key.clone());
                    tokio::spawn(async move {
                        let visit = site.visit(Some(&key)).await;
                        match number % 4 {
                            0 => drop(visit.get::<i64>("a")),
                            1 => visit.insert("a", &number).unwrap(),
                            2 => visit.cycle_key().unwrap(),
                            _ => drop(visit.increment("n", 1)),
                        }
                        let ended = visit.request.commit(number % 8 == 0).await;
                        ended.ok().flatten().map(|cookie| cookie.value)
                    })
                })
                .collect();
            let visit = site.visit(Some(&key)).await;
            visit.flush().unwrap();
            visit.end().await.unwrap();
            for _ in 0..5 {
                assert_eq!(site.data(&key).await, None);
                tokio::task::yield_now().await;
            }
            for request in requests {
                request.await.unwrap();
            }
            assert_eq!(site.data(&key).await, None);
        }
    })
    .await;
}
