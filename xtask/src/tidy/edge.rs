use crate::metadata::{Dependency, DependencyKind, Metadata, Package};

/// A crate of the graph.
struct Node {
    name: &'static str,
    /// Dependencies point to a lower level.
    level: u8,
    needs: Needs,
}

enum Needs {
    /// These, and these only behind a feature.
    Only { always: &'static [&'static str], by_feature: &'static [&'static str] },
    /// Every crate.
    All,
}

const fn node(name: &'static str, level: u8, always: &'static [&'static str]) -> Node {
    Node { name, level, needs: Needs::Only { always, by_feature: &[] } }
}

/// Who may depend on whom, from the ground up.
const GRAPH: &[Node] = &[
    node("lodger-core", 0, &[]),
    node("lodger-entity", 0, &[]),
    node("xtask", 0, &[]),
    node("lodger-manager", 1, &["lodger-core"]),
    node("lodger-codec", 1, &["lodger-core"]),
    node("lodger-migration", 1, &["lodger-entity"]),
    // Beside the stores, on which it tries and shows its contract.
    node("lodger-testing", 2, &["lodger-core"]),
    node("lodger-http", 2, &["lodger-core"]),
    Node {
        name: "lodger-backends",
        level: 2,
        needs: Needs::Only {
            always: &["lodger-core"],
            by_feature: &["lodger-codec", "lodger-entity"],
        },
    },
    node("lodger-tower", 3, &["lodger-core", "lodger-http"]),
    node("lodger-actix", 3, &["lodger-core", "lodger-http"]),
    Node {
        name: "lodger",
        level: 4,
        needs: Needs::Only {
            always: &["lodger-codec", "lodger-core", "lodger-http", "lodger-manager"],
            by_feature: &["lodger-actix", "lodger-backends", "lodger-entity", "lodger-tower"],
        },
    },
    node("lodger-cli", 5, &["lodger", "lodger-migration"]),
    node("lodger-demo", 5, &["lodger", "lodger-migration"]),
    Node { name: "lodger-fuzz", level: 6, needs: Needs::All },
    Node { name: "lodger-tests", level: 6, needs: Needs::All },
];

/// Every crate may try itself against the contract.
const TESTING: &str = "lodger-testing";

/// Features of serde_json that reach the whole program of whoever uses a crate of ours.
const FORBIDDEN_FEATURES: [&str; 2] = ["arbitrary_precision", "preserve_order"];

/// Compares the edges between our crates with the graph.
pub(super) fn check(metadata: &Metadata) -> Vec<String> {
    let mut findings = Vec::new();
    for package in &metadata.packages {
        let Some(node) = find(&package.name) else {
            findings.push(format!("{}: not in the crate graph", package.name));
            continue;
        };
        for dependency in &package.dependencies {
            if metadata.package(&dependency.name).is_some()
                && let Some(reason) = refuse(node, dependency)
            {
                findings.push(format!("{} -> {}: {reason}", package.name, dependency.name));
            }
        }
        findings.extend(json_features(package));
    }
    findings
}

fn find(name: &str) -> Option<&'static Node> {
    GRAPH.iter().find(|node| node.name == name)
}

fn refuse(node: &Node, dependency: &Dependency) -> Option<&'static str> {
    let name = dependency.name.as_str();
    if dependency.kind == Some(DependencyKind::Dev) {
        // Crates of one level may meet in a test, as the manager and a codec do.
        let is_lower = find(name).is_some_and(|other| other.level <= node.level);
        return (!is_lower && name != TESTING).then_some("tests may use lower crates only");
    }
    match node.needs {
        Needs::All => None,
        Needs::Only { always, .. } if always.contains(&name) => None,
        Needs::Only { by_feature, .. } if by_feature.contains(&name) => {
            (!dependency.optional).then_some("allowed behind a feature only")
        }
        Needs::Only { .. } => Some("no edge of the crate graph"),
    }
}

fn json_features(package: &Package) -> Vec<String> {
    let asked = package
        .dependencies
        .iter()
        .filter(|dependency| dependency.name == "serde_json")
        .flat_map(|dependency| &dependency.features)
        .map(String::as_str);
    let forwarded = package
        .features
        .values()
        .flatten()
        .filter_map(|feature| feature.strip_prefix("serde_json"))
        .map(|feature| feature.trim_start_matches(['?', '/']));
    asked
        .chain(forwarded)
        .filter(|feature| FORBIDDEN_FEATURES.contains(feature))
        .map(|feature| format!("{}: serde_json may not get {feature}", package.name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, dependencies: Vec<Dependency>) -> Package {
        Package { name: name.to_owned(), dependencies, ..Package::default() }
    }

    fn on(name: &str) -> Dependency {
        Dependency { name: name.to_owned(), ..Dependency::default() }
    }

    fn dev(name: &str) -> Dependency {
        Dependency { kind: Some(DependencyKind::Dev), ..on(name) }
    }

    fn findings(name: &str, dependencies: Vec<Dependency>) -> Vec<String> {
        let mut packages = vec![package(name, dependencies)];
        for node in GRAPH.iter().filter(|node| node.name != name) {
            packages.push(package(node.name, Vec::new()));
        }
        check(&Metadata { packages, workspace_root: "/w".into() })
    }

    #[test]
    fn an_edge_of_the_graph_is_allowed() {
        assert!(findings("lodger-http", vec![on("lodger-core"), on("http")]).is_empty());
        assert!(findings("lodger-tests", vec![on("lodger-demo"), on("lodger-core")]).is_empty());
    }

    #[test]
    fn an_edge_upwards_or_sideways_is_found() {
        assert_eq!(
            findings("lodger-core", vec![on("lodger-http")]),
            ["lodger-core -> lodger-http: no edge of the crate graph"]
        );
        assert_eq!(findings("lodger-backends", vec![on("lodger-manager")]).len(), 1);
        assert_eq!(findings("xtask", vec![on("lodger-core")]).len(), 1);
    }

    #[test]
    fn some_edges_need_a_feature() {
        let optional = Dependency { optional: true, ..on("lodger-entity") };
        assert!(findings("lodger-backends", vec![optional]).is_empty());
        assert_eq!(
            findings("lodger-backends", vec![on("lodger-entity")]),
            ["lodger-backends -> lodger-entity: allowed behind a feature only"]
        );
    }

    #[test]
    fn tests_may_use_lower_crates_and_the_contract() {
        let below = vec![dev("lodger-testing"), dev("lodger-codec"), dev("lodger-core")];
        assert!(findings("lodger-manager", below).is_empty());
        assert!(findings("lodger-core", vec![dev("lodger-testing")]).is_empty());
        assert_eq!(findings("lodger-http", vec![dev("lodger-tower")]).len(), 1);
        assert_eq!(findings("lodger-backends", vec![dev("lodger")]).len(), 1);
    }

    #[test]
    fn an_unknown_crate_is_found() {
        assert_eq!(findings("lodger-extra", Vec::new()), ["lodger-extra: not in the crate graph"]);
    }

    #[test]
    fn features_that_change_a_users_json_are_found() {
        let json = |features: &[&str]| Dependency {
            features: features.iter().map(ToString::to_string).collect(),
            ..on("serde_json")
        };
        assert!(findings("lodger-core", vec![json(&["raw_value"])]).is_empty());
        assert_eq!(findings("lodger-core", vec![json(&["preserve_order"])]).len(), 1);
        let forwarding = Package {
            features: [("exact".to_owned(), vec!["serde_json?/arbitrary_precision".to_owned()])]
                .into(),
            ..package("lodger-core", Vec::new())
        };
        assert_eq!(
            json_features(&forwarding),
            ["lodger-core: serde_json may not get arbitrary_precision"]
        );
    }
}
