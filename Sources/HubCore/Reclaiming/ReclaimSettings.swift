/// How long what nothing names is kept. All times are milliseconds.
package struct ReclaimSettings: Sendable, Hashable {
    /// For blobs and xorbs, from when they were first seen to be named by nothing. A backup that takes the database
    /// first and the files afterwards has to be done within it.
    package var grace: Int64 = 86_400_000
    /// For git objects that no ref reaches, from when that was first seen.
    package var gitGrace: Int64 = 14 * 86_400_000
    /// For uploads and downloads that broke off, from when their last byte came: until then they can be continued.
    package var uploadGrace: Int64 = 7 * 86_400_000
    /// How long nobody may have written to a repository before objects are taken from it.
    package var quiet: Int64 = 600_000
    /// For working files of processes that are gone.
    package var leftoverGrace: Int64 = 3_600_000
    /// Loose objects of one repository from which on they are put into a pack.
    package var looseObjects = 256
    /// Packs of one repository from which on the small ones are put together.
    package var packs = 16
    /// Whether only what would be done is told.
    package var isDryRun = false

    package init() {}
}
