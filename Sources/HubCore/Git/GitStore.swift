import Crypto
import Foundation
import NIOPosix
import Synchronization

/// The git repositories of one data directory: bare, named by numeric key, never by a user's words.
///
/// Reads and commits run in process through libgit2 on threads of its own; packs come in and go out through `git`
/// children. Refs are the database's: what lies here is a copy for `git upload-pack`, put in place by `publish`.
package final class GitStore: Sendable {
    /// The folder of all repositories.
    package let root: String

    let process: GitProcess
    let blobFacts = SharedBlobFacts()
    let treeCounts = TreeCounts()
    /// The same with submodules, of trees that were pushed.
    let entryCounts = TreeCounts()
    let folderHistories = Mutex(LeastRecentlyUsedCache<FolderHistoryKey, [String: CommitInfo]>(capacity: 256))
    let unsynced = Mutex<[Int64: WrittenObjects]>([:])
    let journalRoom: JournalRoom
    let uploadPacks: AdmissionGate
    let packIntakes: AdmissionGate
    let receivePacks: AdmissionGate
    /// Repositories in which packs have gathered, to be put together by whoever has time. It has one reader.
    package let gathered: AsyncStream<Int64>
    private let gathering: AsyncStream<Int64>.Continuation
    let capabilities = Mutex<(answer: [UInt8], since: ContinuousClock.Instant)?>(nil)
    let answers = UploadPackAnswers()
    private let repositories: OpenRepositories
    private let threads: NIOThreadPool

    /// - Parameters:
    ///   - root: the folder of all repositories, made on first use; one store to a folder.
    ///   - gitExecutable: the program, by name or path.
    ///   - threadCount: threads for reads and commits.
    ///   - openRepositoryLimit: idle repositories kept open.
    ///   - transferLimit: `upload-pack` children at once, and separately `index-pack` children, and pushes.
    ///   - transferQueueLimit: transfers that may wait before more are refused with 503.
    ///   - journalRoom: how much the journal may hold before commits sync their own files.
    package init(
        root: String, gitExecutable: String = "git", threadCount: Int = 4, openRepositoryLimit: Int = 64,
        transferLimit: Int = 16, transferQueueLimit: Int = 256, journalRoom: JournalRoom = JournalRoom()
    ) {
        GitLibrary.start()
        self.root = root
        self.journalRoom = journalRoom
        process = GitProcess(executable: gitExecutable)
        (gathered, gathering) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1_024))
        repositories = OpenRepositories(capacity: openRepositoryLimit)
        uploadPacks = AdmissionGate(
            limit: transferLimit, queueLimit: transferQueueLimit, subject: "git fetches")
        packIntakes = AdmissionGate(
            limit: transferLimit, queueLimit: transferQueueLimit, subject: "git pack intakes")
        receivePacks = AdmissionGate(
            limit: transferLimit, queueLimit: transferQueueLimit, subject: "git pushes")
        threads = NIOThreadPool(numberOfThreads: max(1, threadCount))
        threads.start()
        let leftovers = Leftovers.find(in: [incomingDirectory, trashDirectory, answersDirectory])
        threads.submit { _ in
            for path in leftovers { try? FileManager.default.removeItem(atPath: path) }
        }
    }

    deinit {
        threads.shutdownGracefully { _ in }
    }

    /// The folder of a repository, spread over two levels by a hash of its key.
    package func directory(of key: Int64) -> String {
        let digits = SHA256.hash(data: Array(String(key).utf8)).prefix(2).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return "\(root)/\(digits.joined(separator: "/"))/\(key).git"
    }

    /// Makes an empty repository; one that is there already is left as it is.
    package func create(_ key: Int64) async throws {
        let directory = directory(of: key)
        let incoming = incomingDirectory
        try await onThread {
            guard !FileManager.default.fileExists(atPath: directory + "/HEAD") else { return }
            try RepositoryTemplate.make(at: directory, through: incoming)
        }
    }

    /// Whether a repository has a folder here.
    package func exists(_ key: Int64) async -> Bool {
        let head = directory(of: key) + "/HEAD"
        return (try? await onThread { FileManager.default.fileExists(atPath: head) }) ?? false
    }

    /// Removes a repository: gone at once, its space a little later.
    package func remove(_ key: Int64) async throws {
        let directory = directory(of: key)
        let trash = trashDirectory
        let repositories = repositories
        answers.forget(key)
        unsynced.withLock { $0[key] = nil }
        folderHistories.withLock { $0.removeAll { $0.repository == key } }
        try await onThread {
            repositories.close(key)
            guard FileManager.default.fileExists(atPath: directory) else { return }
            try FileManager.default.createDirectory(atPath: trash, withIntermediateDirectories: true)
            let target = "\(trash)/\(Leftovers.newName())"
            try DurableFiles.move(directory, to: target)
            try FileManager.default.removeItem(atPath: target)
        }
    }

    var incomingDirectory: String { root + "/incoming" }
    var trashDirectory: String { root + "/trash" }
    var answersDirectory: String { root + "/answers" }

    /// Runs blocking work on the store's threads.
    func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        do {
            return try await threads.runIfActive(body)
        } catch is NIOThreadPoolError.ThreadPoolInactive {
            throw HubError(.shuttingDown, "The git store is shutting down.")
        }
    }

    /// Runs blocking work that writes objects with a repository lent to it; meanwhile none is taken away.
    func withWriter<Result: Sendable>(
        _ key: Int64, _ body: @escaping @Sendable (GitRepository) throws -> Result
    ) async throws -> Result {
        let lock = WritersLock(repository: directory(of: key))
        return try await withRepository(key) { repository in try lock.shared { try body(repository) } }
    }

    /// Makes sure that objects which are here now stay until a ref can name them.
    /// - Throws: `revision-not-found` for a commit that is not here.
    package func hold(_ commits: [CommitID], in key: Int64) async throws {
        try await withWriter(key) { repository in
            for commit in commits { _ = try repository.requireCommit(commit) }
        }
    }

    /// Closes the handles of a repository whose packs have changed, and forgets what was answered from them.
    func closeHandles(_ key: Int64) {
        repositories.close(key)
        answers.forget(key)
    }

    /// Asks for the packs of a repository to be put together when there are many.
    package func noteArrival(in key: Int64) async throws {
        let folder = directory(of: key) + "/objects/pack"
        let count = try await onThread { try PosixFile.names(in: folder).count { $0.hasSuffix(".pack") } }
        if count > ReclaimSettings().packs { gathering.yield(key) }
    }

    /// Puts the small packs of a repository together; takes nothing away.
    package func consolidate(_ key: Int64) async throws {
        guard await exists(key) else { return }
        _ = try await upkeep(key, roots: nil, settings: ReclaimSettings(), now: 0)
    }

    /// Gives back what nobody has used for a while: open packs, and answers that are too old.
    package func rest(after time: Duration = .seconds(60)) async {
        let (repositories, answers) = (repositories, answers)
        try? await onThread {
            let closed = repositories.close(unusedFor: time)
            answers.expire()
            if closed > 0 { FreedMemory.giveBack() }
        }
    }

    /// Runs blocking work with a repository lent to it. Objects it writes are remembered until they are durable.
    func withRepository<Result: Sendable>(
        _ key: Int64, _ body: @escaping @Sendable (GitRepository) throws -> Result
    ) async throws -> Result {
        let directory = directory(of: key)
        let repositories = repositories
        let (result, written) = try await onThread {
            try repositories.with(key, at: directory) { repository in
                let result = try body(repository)
                return (result, repository.takeWritten())
            }
        }
        if !written.isEmpty { unsynced.withLock { $0[key, default: WrittenObjects()].formUnion(written) } }
        return result
    }
}

/// What is known of blobs, shared by all repositories: a blob's id says what its bytes are.
final class SharedBlobFacts: BlobFactsMemory, Sendable {
    private let known = Mutex(LeastRecentlyUsedCache<ObjectID, BlobFacts>(capacity: 400_000, lifetime: .seconds(600)))

    func facts(of id: ObjectID) -> BlobFacts? { known.withLock { $0.value(for: id) } }

    func remember(_ facts: BlobFacts, of id: ObjectID) { known.withLock { $0.insert(facts, for: id) } }
}
