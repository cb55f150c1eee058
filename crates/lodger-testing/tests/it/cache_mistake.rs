//! What a cache can get wrong.

/// One thing that a [`FlawedCache`](crate::flawed_cache::FlawedCache) gets wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CacheMistake {
    None,
    GetLeases,
    LeaseIsNotKept,
    LeaseOverwrites,
    LeaseTakesTombstones,
    /// All leases are the same.
    LeasesAlike,
    /// `add_lease` looks first and writes later.
    LeaseRaces,
    /// `add_lease` puts a record there first.
    LeaseInHalves,
    /// `swap` writes whatever is there, if anything.
    SwapIgnoresVersion,
    /// `swap` writes whether or not anything is there.
    SwapUpserts,
    SwapFillsLeasesOnly,
    SwapRaces,
    SwapKeepsLifetime,
    /// `swap` writes the data last.
    SwapInHalves,
    TombstoneIsPolite,
    TombstoneInHalves,
    InvalidateTakesTombstones,
    InvalidateForgetsLeases,
    /// `invalidate` hides an entry for a moment.
    InvalidateHides,
    /// `invalidate` looks first and removes later.
    InvalidateRaces,
    InvalidateInHalves,
    NeverEnds,
    /// A lifetime of zero lasts for ever.
    ZeroIsForEver,
    /// A lifetime over thirty days is a date long past.
    MonthIsADate,
    FoldsCase,
    TrimsKeys,
    CutsKeysAtControls,
    FailsOnNul,
    TextOnly,
    CutsData,
    ForgetsDates,
}
