//! The operations made on a session, in order.

use super::Operation;
use crate::{EditError, SessionDict};

/// The operations made on a session, which a commit applies to the data that are then stored.
///
/// A commit writes no document that was read long ago: it applies the patch to what is there, and
/// applies it again if somebody else was faster. So different fields changed by concurrent requests
/// all survive (promise 5).
#[derive(Clone, Debug, Default)]
pub struct Patch {
    operations: Vec<Operation>,
}

impl Patch {
    /// Adds an operation at the end.
    pub fn push(&mut self, operation: Operation) {
        if matches!(operation, Operation::Clear) {
            // Nothing that came before has any effect.
            self.operations.clear();
        }
        match (self.operations.last_mut(), &operation) {
            (Some(Operation::Set(last, value)), Operation::Set(name, newer)) if last == name => {
                *value = newer.clone();
            }
            (Some(Operation::Rewrite), Operation::Rewrite) => {}
            _ => self.operations.push(operation),
        }
    }

    /// Puts the operations of an older patch before these.
    pub(super) fn prepend(&mut self, mut older: Self) {
        older.operations.append(&mut self.operations);
        *self = older;
    }

    /// Applies all operations; on an error the data are as they were.
    ///
    /// # Errors
    ///
    /// That of the first operation that cannot be applied.
    pub fn apply(&self, dict: &mut SessionDict) -> Result<(), EditError> {
        let mut changed = dict.clone();
        self.operations.iter().try_for_each(|operation| operation.apply(&mut changed))?;
        *dict = changed;
        Ok(())
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    /// The operations, in order.
    #[must_use]
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }
}

impl FromIterator<Operation> for Patch {
    fn from_iter<I: IntoIterator<Item = Operation>>(operations: I) -> Self {
        let mut patch = Self::default();
        operations.into_iter().for_each(|operation| patch.push(operation));
        patch
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::JsonText;

    fn json(text: &str) -> JsonText {
        JsonText::parse(text, 10).unwrap()
    }

    fn applied(
        before: &str,
        operations: impl IntoIterator<Item = Operation>,
    ) -> Result<String, EditError> {
        let mut dict = SessionDict::parse(before, 10).unwrap();
        operations.into_iter().collect::<Patch>().apply(&mut dict)?;
        Ok(dict.to_json())
    }

    #[test]
    fn operations_act_on_what_is_there() {
        let before = r#"{"_lodger":{},"a":1,"l":[1]}"#;
        for (operation, after) in [
            (Operation::Set("a".into(), json("2")), r#"{"_lodger":{},"a":2,"l":[1]}"#),
            (Operation::Remove("a".into()), r#"{"_lodger":{},"l":[1]}"#),
            (Operation::Remove("b".into()), before),
            (Operation::Pop("a".into(), json("1")), r#"{"_lodger":{},"l":[1]}"#),
            (Operation::Pop("a".into(), json("2")), before),
            (Operation::SetDefault("a".into(), json("2")), before),
            (Operation::SetDefault("b".into(), json("2")), r#"{"_lodger":{},"a":1,"l":[1],"b":2}"#),
            (Operation::Increment("a".into(), -3), r#"{"_lodger":{},"a":-2,"l":[1]}"#),
            (Operation::Increment("b".into(), 3), r#"{"_lodger":{},"a":1,"l":[1],"b":3}"#),
            (Operation::Append("l".into(), json("2")), r#"{"_lodger":{},"a":1,"l":[1,2]}"#),
            (Operation::Append("m".into(), json("2")), r#"{"_lodger":{},"a":1,"l":[1],"m":[2]}"#),
            (Operation::Clear, r#"{"_lodger":{}}"#),
            (Operation::Rewrite, before),
        ] {
            assert_eq!(applied(before, [operation.clone()]).unwrap(), after, "{operation:?}");
        }
    }

    #[test]
    fn what_cannot_be_applied_changes_nothing() {
        let before = r#"{"t":"text","f":1.5,"max":9223372036854775807}"#;
        let set = Operation::Set("n".into(), json("1"));
        for (operation, error) in [
            (Operation::Increment("t".into(), 1), EditError::NotAnInteger { name: "t".into() }),
            (Operation::Increment("f".into(), 1), EditError::NotAnInteger { name: "f".into() }),
            (Operation::Increment("max".into(), 1), EditError::Overflow { name: "max".into() }),
            (Operation::Append("t".into(), json("1")), EditError::NotAList { name: "t".into() }),
        ] {
            let mut dict = SessionDict::parse(before, 10).unwrap();
            let patch: Patch = [set.clone(), operation].into_iter().collect();
            assert_eq!(patch.apply(&mut dict), Err(error));
            assert_eq!(dict.to_json(), before);
        }
    }

    #[test]
    fn a_patch_stays_small_under_repetition() {
        let set = |value: &str| Operation::Set("a".into(), json(value));
        let patch: Patch =
            [set("1"), set("2"), Operation::Rewrite, Operation::Rewrite].into_iter().collect();
        assert_eq!(patch.operations().len(), 2);
        let patch: Patch = [set("1"), Operation::Clear, set("3")].into_iter().collect();
        assert_eq!(patch.operations().len(), 2);
        assert_eq!(
            applied(r#"{"b":1}"#, [set("1"), Operation::Clear, set("3")]).unwrap(),
            r#"{"a":3}"#
        );
    }
}
