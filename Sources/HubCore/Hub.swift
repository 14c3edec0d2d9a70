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
    /// What is here, for lists with counts.
    package var localCatalogue: LocalCatalogue { store.localCatalogue }
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
        try await TransparencyLog.prepare(database, clock: clock)
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
        jobs = JobStore(database: database, clock: clock)
        catalogue = RemoteCatalogue(database: database, clock: clock, identifiers: identifiers)
        journal = ObjectJournal(database: database, git: git)
        // Whoever else has the directory open did this, and no power was cut since.
        if lease.isFirst { _ = try await journal.recover() }
        try await journal.countLeftovers()
        lease.share()
    }

    /// Commits folders to local repositories.
    package var importer: FolderImporter {
        FolderImporter(
            authorizer: Authorizer(store: store, source: nil), store: store, git: git, blobs: blobs, clock: clock)
    }

    /// Makes anew what lists and searches are answered from.
    package var indexRebuild: IndexRebuild { IndexRebuild(store: store, git: git) }

    /// Takes large objects into local repositories.
    package var uploads: UploadService { UploadService(store: store, blobs: blobs) }

    /// What applications in spaces are told. Secrets among it are kept under a key beside the database.
    /// - Throws: when the key can be neither read nor made.
    package func spaceEntries() throws -> SpaceEntries {
        SpaceEntries(store: store, key: try directory.key("space-secrets"))
    }

    /// What administrators said on CSGHub's page about following. Its token is kept under a key beside the database.
    /// - Throws: when the key can be neither read nor made.
    package func syncClientSettings() throws -> SyncClientSettings {
        SyncClientSettings(store: store, key: try directory.key("sync-client"))
    }

    /// The keys with which this hub signs.
    package var signingKeys: KeyRing { KeyRing(directory) }

    /// What was found out about the licences of commits.
    package var licenseEvidence: LicenseEvidenceStore { LicenseEvidenceStore(database: database, clock: clock) }

    /// What was made from what.
    package var lineage: Lineage { Lineage(database: database) }

    /// What was stated about revisions, and what is attached to them.
    package var provenance: ProvenanceStore { ProvenanceStore(store: store) }

    /// Which keys signed here.
    package var knownKeys: SigningKeyRegister { SigningKeyRegister(store: store) }

    /// The SHA-256 of every file of a commit.
    package var digests: RevisionDigests { RevisionDigests(store: store, git: git) }

    /// What came in, moved and was decided, as a tree that only grows.
    package var transparency: TransparencyLog {
        TransparencyLog(database: database, keys: signingKeys, clock: clock)
    }

    /// Air-gap bundles that went out and came in.
    package var bundles: BundleStore { BundleStore(database: database, identifiers: store.identifiers) }

    /// The locks of local repositories.
    package var locks: LockService { LockService(store: store) }

    /// Nil when the database answers, otherwise what is wrong, for the operator.
    package func databaseProblem() async -> String? {
        do {
            try await database.read { _ = try $0.first("SELECT 1 AS one") }
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// Ends the connections to the database. Nothing may use the hub afterwards.
    package func close() async {
        await database.close()
        lease.end()
    }
}
