//! What a request costs at the cache.

use lodger_tests::cache::{MoodyCache, over_cached_db};
use lodger_tests::site::Site;

/// How often get, add_lease, swap, invalidate and put_tombstone were called since the last count.
struct Costs(MoodyCache, [u64; 5]);

impl Costs {
    fn since(&mut self) -> [u64; 5] {
        let methods = ["get", "add_lease", "swap", "invalidate", "put_tombstone"];
        let now = methods.map(|method| self.0.calls(method));
        let before = std::mem::replace(&mut self.1, now);
        std::array::from_fn(|index| now[index] - before[index])
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_costs_one_look_and_a_change_one_swap_more() {
    over_cached_db(|store| async move {
        let mut costs = Costs(store.cache().clone(), [0; 5]);
        let site = Site::new(store);
        let key = site.stored(r#"{"a":1}"#).await;
        assert_eq!(costs.since(), [0, 0, 0, 0, 0], "a new session");
        site.data(&key).await;
        assert_eq!(costs.since(), [1, 1, 1, 0, 0], "the first read");
        site.data(&key).await;
        assert_eq!(costs.since(), [1, 0, 0, 0, 0], "a read");
        let visit = site.visit(Some(&key)).await;
        visit.insert("a", &2).unwrap();
        visit.end().await.unwrap();
        assert_eq!(costs.since(), [1, 0, 1, 0, 0], "a read and a change");
        assert!(site.manager.revoke(&key).await.unwrap());
        assert_eq!(costs.since(), [0, 0, 0, 0, 2], "a logout");
    })
    .await;
}
