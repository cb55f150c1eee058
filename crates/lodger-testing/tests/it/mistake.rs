//! What a store can get wrong.

/// One thing that a [`FlawedStore`](crate::flawed_store::FlawedStore) gets wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mistake {
    None,
    /// `load` does not look at the end.
    ServesExpired,
    /// `load` takes a record that ends now to be live.
    ServesAtItsEnd,
    /// Writes do not look at the end.
    WritesExpired,
    LoadCreates,
    LoadDeletesExpired,
    /// `create` overwrites what is there.
    CreateUpserts,
    /// `create` says that the key is taken, and overwrites.
    CreateLies,
    /// `create` looks first and writes later.
    CreateRaces,
    CreateKeepsHour,
    /// `create` writes the data first and the end later.
    CreateInHalves,
    /// `swap` writes whatever is there, if anything.
    SwapUpserts,
    SwapKeepsEnd,
    SwapRaces,
    SwapInHalves,
    /// `touch` writes whatever version is there.
    TouchIgnoresVersion,
    TouchUpserts,
    TouchDropsData,
    /// `touch` reads the record first and writes all of it later.
    TouchRaces,
    CycleKeepsOld,
    CycleOverwrites,
    CycleIgnoresVersion,
    CycleResurrects,
    CycleRaces,
    CycleInHalves,
    DeleteForgets,
    DeleteHides,
    DeleteOfNothingFails,
    DeleteInHalves,
    SweepsAtTheEnd,
    SweepIgnoresLimit,
    SweepNeverEnds,
    SweepStopsEarly,
    /// `clear_expired` collects keys first and removes them later.
    SweepRaces,
    FoldsCase,
    TrimsKeys,
    CutsKeysAt39,
    CutsKeysAt40,
    FailsOnNul,
    TrimsData,
    CutsData,
    /// Versions compare as a collation compares texts.
    FoldsVersions,
    RoundsEnds,
    EndsIn32Bits,
}
