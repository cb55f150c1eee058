//! Parts of the protocol that can be taken away.

/// What goes wrong with a cache or a table, as if the store left something out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Defect {
    /// Nothing.
    #[default]
    None,
    /// A fill writes whether or not its lease stands.
    FillWithoutLease,
    /// After a write the new copy goes over whatever is there.
    RenewWithoutVersion,
    /// A write that cannot renew the copy leaves it.
    WriteForgetsTheCopy,
    /// The new copy is put though the row was not written.
    CopyOfTheUnwritten,
    /// A write takes copies away and leaves the leases of those who are about to make one.
    WriteLeavesLeases,
    /// A deletion does nothing to the cache.
    DeletionForgetsTheCache,
    /// A deletion's tombstone is put before the row goes, and not again.
    TombstoneOnlyBefore,
    /// A deletion's tombstone lets a lease be taken, and the second one does not end it.
    TombstoneYieldsToALease,
    /// A row is replaced whatever its version.
    BlindSwap,
    /// A row is replaced, or made if there is none.
    Upsert,
    /// A change of key leaves the old row.
    CycleLeavesTheOldRow,
    /// A change of key takes one that another session has.
    CycleTakesAnothersKey,
    /// A row that is replaced goes.
    SwapRemoves,
    /// A write ends where its caller goes away.
    WritesLeaveWithTheirCaller,
    /// Whether a row is still there is not looked up.
    NoVerification,
}
