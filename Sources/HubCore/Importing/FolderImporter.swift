#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What an import did.
package struct ImportReport: Sendable {
    package let repository: RepositoryID
    package let commit: CommitID
    /// Files in the commit.
    package let files: Int
    /// How many of them are LFS objects.
    package let large: Int
    /// Bytes of all files.
    package let bytes: Int64
    /// Whether the repository already stood at exactly this content.
    package let isUnchanged: Bool
}

/// Commits a folder to a local repository without a working tree: large and binary files become LFS blobs, hashed while
/// they are copied, the rest git blobs.
package struct FolderImporter: Sendable {
    private let authorizer: Authorizer
    private let store: RepositoryStore
    private let git: GitStore
    private let blobs: any BlobStore
    private let clock: WallClock

    /// Files from this size on are LFS whatever they hold: the limit the community hubs use, in bytes.
    package static let largeFile: Int64 = 10 << 20
    /// How much of a file is looked at to tell text from binary, as git does.
    private static let sampleSize = 8_000
    private static let branch = "main"

    package init(
        authorizer: Authorizer, store: RepositoryStore, git: GitStore, blobs: any BlobStore, clock: WallClock
    ) {
        self.authorizer = authorizer
        self.store = store
        self.git = git
        self.blobs = blobs
        self.clock = clock
    }

    /// Makes the repository when it does not exist and commits the folder as its whole content.
    /// - Throws: `.conflict` when the name belongs to a mirror, `.unprocessable` for content that cannot be stored.
    package func run(
        folder: String, as id: RepositoryID, isPrivate: Bool, message: String? = nil, at date: Int64? = nil
    ) async throws -> ImportReport {
        let files = try FolderScan.files(in: folder)
        guard !files.isEmpty else { throw HubError(.unprocessable, "'\(folder)' holds no files.") }
        let repository = try await repository(id, isPrivate: isPrivate)
        return try await store.quotas.holding(for: repository) { hold in
            let report = try await commit(
                files, to: repository, message: message ?? "Import \(files.count) files", at: date, holding: hold)
            // Of one that changed nothing.
            await hold.release()
            return report
        }
    }

    private func commit(
        _ files: [ScannedFile], to repository: Repository, message: String, at date: Int64?, holding hold: QuotaHold
    ) async throws -> ImportReport {
        guard let ref = RefName.branch(Self.branch) else { throw HubError(.internalError, "No branch name.") }
        let head = try await store.ref(ref, of: repository.key)?.target

        var changes: [TreeChange] = []
        var links: [BlobLink] = []
        var large: [String] = []
        var small: [String] = []
        var attributes: String?
        var gitBytes: Int64 = 0
        // Bytes that will be paid for, as far as is known.
        var owed: Int64 = 0
        for file in files {
            guard let path = GitPath(file.path) else { continue }
            if file.path == ".gitattributes" {
                attributes = String(decoding: try Self.bytes(of: file), as: UTF8.self)
                continue
            }
            let blob: ObjectID
            // Covered before it is read; what the repository has already is given back at the end.
            try await hold.cover(owed + file.size)
            if try Self.isLarge(file) {
                let stored = try await blobs.store(fileAt: file.source, expecting: nil)
                try await store.noteBlob(stored.id, size: stored.size)
                let pointer = LFSPointer(oid: stored.id, size: stored.size)
                blob = try await git.writeBlob(pointer.encoded, in: repository.key)
                links.append(BlobLink(pointer: pointer, commit: nil, path: file.path))
                large.append(file.path)
                if try await store.provedSizes(of: [stored.id], in: repository)[stored.id] == nil {
                    owed += stored.size
                }
            } else {
                let bytes = try Self.bytes(of: file)
                if let pointer = LFSPointer(parsing: bytes) { links.append(try await link(to: pointer, at: file)) }
                blob = try await git.writeBlob(bytes, in: repository.key)
                small.append(file.path)
                gitBytes += Int64(bytes.count)
                owed += Int64(bytes.count)
            }
            changes.append(.put(path: path, blob: blob, executable: file.isExecutable))
        }
        let lines = LFSAttributes.text(large: large, small: small, existing: attributes)
        if !lines.isEmpty, let path = GitPath(".gitattributes") {
            let blob = try await git.writeBlob(Array(lines.utf8), in: repository.key)
            changes.append(.put(path: path, blob: blob, executable: false))
        }
        // First what goes: a file may stand where a folder was, or the other way round.
        changes = try await removals(since: head, keeping: changes, in: repository.key) + changes

        let signature = Signature(
            name: "Weir import", email: "import@weir.invalid", seconds: (date ?? clock.now()) / 1_000)
        let commit = try await git.commit(
            changes: changes, parents: head.map { [$0] } ?? [], author: signature, committer: signature,
            message: message, in: repository.key)
        let bytes = files.reduce(0) { $0 &+ $1.size }
        if let head, let old = try await git.commit(head, in: repository.key),
            let new = try await git.commit(commit, in: repository.key), old.tree == new.tree
        {
            return ImportReport(
                repository: repository.id, commit: head, files: files.count, large: large.count, bytes: bytes,
                isUnchanged: true)
        }
        // Objects first, then the ref that names them (law 3).
        try await git.makeDurable(repository.key)
        try await store.updateRefs(
            [RefUpdate(ref, from: head, to: commit)], of: repository, action: "repository.import",
            changeLog: message, head: try await git.headFacts(of: commit, in: repository.key, kind: repository.id.kind),
            links: links, gitBytes: gitBytes, endingReservation: hold.name)
        return ImportReport(
            repository: repository.id, commit: commit, files: files.count, large: large.count, bytes: bytes,
            isUnchanged: false)
    }

    /// Names an imported commit by a tag; one that names it already is left.
    /// - Throws: `.conflict` when the tag names another commit.
    package func tag(_ name: RefName, _ report: ImportReport) async throws {
        let repository = try await authorizer.openAsOperator(.contentWrite, report.repository)
        if try await store.ref(name, of: repository.key)?.target == report.commit { return }
        try await store.updateRefs(
            [.creation(name, at: report.commit)], of: repository, changeLog: "", head: nil, links: [])
    }

    /// A pointer stays a pointer when its bytes are here: an import is the operator's, who may read every repository.
    /// - Throws: `.unprocessable` when they are not, for nobody could ever read that file.
    private func link(to pointer: LFSPointer, at file: ScannedFile) async throws -> BlobLink {
        guard try await blobs.size(of: pointer.oid) == pointer.size else {
            throw HubError(
                .unprocessable, "'\(file.path)' is an LFS pointer to \(pointer.oid), which is not stored here.",
                remedy: "Run 'git lfs pull' in the folder first.")
        }
        return BlobLink(pointer: pointer, commit: nil, path: file.path)
    }

    private func repository(_ id: RepositoryID, isPrivate: Bool) async throws -> Repository {
        let repository: Repository
        do {
            repository = try await authorizer.openAsOperator(.contentWrite, id)
        } catch let error as HubError where error.code == .repositoryNotFound {
            do {
                _ = try await store.createLocal(
                    id, visibility: isPrivate ? .private : .public, defaultBranch: Self.branch)
            } catch let error as HubError where error.code == .conflict {
                // Another import may have made it a moment ago; else the name is a mirror's, and opening says no more.
                guard (try? await authorizer.openAsOperator(.contentWrite, id)) != nil else { throw error }
            }
            repository = try await authorizer.openAsOperator(.contentWrite, id)
        }
        guard !repository.isMirror else {
            throw HubError(
                .conflict, "\(id) is a mirror; its content comes from upstream only.", remedy: "Choose another name.")
        }
        // Also when the row is older: an import may have ended between the two.
        try await git.create(repository.key)
        return repository
    }

    private func removals(since head: CommitID?, keeping changes: [TreeChange], in key: Int64) async throws
        -> [TreeChange]
    {
        guard let head else { return [] }
        // By bytes, as git compares: to a String two spellings of "é" are one name.
        let kept = Set(changes.map(\.path))
        let old = try await git.list(nil, commit: head, in: key, recursive: true) ?? []
        return old.filter { $0.kind != .directory }.compactMap { GitPath($0.path) }.filter { !kept.contains($0) }
            .map(TreeChange.delete)
    }

    private static func isLarge(_ file: ScannedFile) throws -> Bool {
        if file.size >= largeFile { return true }
        let sample = try OpenFile(path: file.source).read(at: 0, count: sampleSize)
        // What already is a pointer must not become the content of another one.
        if LFSPointer(parsing: sample) != nil { return false }
        return sample.contains(0)
    }

    private static func bytes(of file: ScannedFile) throws -> [UInt8] {
        let opened = try OpenFile(path: file.source)
        return try opened.read(at: 0, count: Int(opened.size))
    }
}
