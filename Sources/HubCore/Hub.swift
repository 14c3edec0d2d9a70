import Logging
package import SQL

/// The hub's own services over one data directory, as the server and every command use them.
package struct Hub: Sendable {
    package let directory: DataDirectory
    package let database: any Database
    package let identities: IdentityStore
    package let sshKeys: SSHKeyStore
    package let signIn: SignIn
    package let store: RepositoryStore
    package let git: GitStore
    package let blobs: FileBlobStore
    package let journal: ObjectJournal
    package let catalogue: RemoteCatalogue
    package let clock: WallClock
    private let lease: DirectoryLease
    /// How the server is asked to collect garbage.
    package let reclaimRequests = ReclaimRequests()
    /// Long work.
    package let jobs: JobStore

    /// Opens the data directory, bringing its schema up to date.
    /// - Throws: `HubError` or `DatabaseError` when it cannot be opened.
    package init(path: String, clock: WallClock = .system) async throws {
        directory = try DataDirectory(path: path)
        lease = try DirectoryLease(of: directory.path)
        let database = try SQLiteDatabase(path: directory.database)
        try await Migrator(Schema.migrations).migrate(database)
        try await RepositoryStore.prepareIndex(database)
        try await RemoteCatalogue.prepareIndex(database)
        self.database = database
        self.clock = clock
        let identifiers = IdentifierSource(clock: clock)
        identities = IdentityStore(database: database, clock: clock, identifiers: identifiers)
        sshKeys = SSHKeyStore(database: database, clock: clock, identifiers: identifiers)
        signIn = identities.makeSignIn()
        git = GitStore(root: directory.git)
        blobs = try FileBlobStore(root: directory.blobs)
        store = RepositoryStore(
            database: database, clock: clock, identifiers: identifiers,
            files: StoredFiles(blobs: blobs, xet: directory.xet))
        catalogue = RemoteCatalogue(database: database, clock: clock, identifiers: identifiers)
