import HubCore
import MirrorGateway
import NIOCore
import Policies
import WebPages

/// What several pages of a repository need.
extension RepositoryScene {
    var repositories: RepositoryService { web.gateway.repositories }

    /// The revision of a page, with where else one can go.
    func place(_ snapshot: Snapshot, _ revision: String) async throws -> RevisionPlace {
        let refs = try await web.gateway.hub.store.refs(of: repository.key)
        return RevisionPlace(
            revision: revision, commit: snapshot.commit.hex,
            branches: refs.filter(\.name.isBranch).map(\.name.shortName),
            tags: refs.filter(\.name.isTag).map(\.name.shortName))
    }

    /// Whether the reader may have what files say, and not their names alone.
    func mayReadContent() async throws -> Bool {
        if repository.verb == .contentRead { return true }
        return try await web.gateway.authorizer.explain(principal, .contentRead, repository.id)?.isAllowed ?? false
    }

    /// What a reader should know of how fresh a snapshot is.
    func notices(_ snapshot: Snapshot, _ context: PageContext) -> HTML {
        switch snapshot.freshness {
        case .fresh: HTML()
        case .stale(let since, let reason): FreshnessNotice.stale(since: since, reason: reason, context)
        case .held(let commit, let reason): FreshnessNotice.held(commit: commit.hex, reason: reason, context)
        }
    }

    /// How files stand, by path.
    func states(of entries: [TreeEntry], in snapshot: Snapshot) async throws -> [String: FileState] {
        let files = entries.filter { $0.kind != .directory && $0.kind != .submodule }
        let times = try await web.gateway.hub.store.verifiedTimes(of: files.compactMap(\.lfs?.oid), in: repository)
        let scans = try await ScanStates(web.gateway).states(of: files, in: snapshot)
        var states: [String: FileState] = [:]
        for entry in files {
            let content: FileState.Content =
                entry.lfs.map { pointer in times[pointer.oid].map { .verified(at: $0) } ?? .notHere } ?? .inGit
            let found = scans[entry.path]
            states[entry.path] = FileState(
                content: content,
                scan: found.map { FileState.Scan(rawValue: $0.verdict?.rawValue ?? "pending") ?? .unknown },
                findings: found?.findings.map { "\($0.code): \($0.text)" } ?? [])
        }
        return states
    }

    /// The bytes of a file, if it is small and here; nothing is fetched for it.
    /// - Parameter limit: bytes that are read.
    func bytes(of entry: TreeEntry, in snapshot: Snapshot, limit: Int64) async throws -> [UInt8]? {
        guard entry.kind == .file || entry.kind == .executable || entry.kind == .symlink, entry.contentSize >= 0,
            entry.contentSize <= limit
        else { return nil }
        if let pointer = entry.lfs {
            let times = try await web.gateway.hub.store.verifiedTimes(of: [pointer.oid], in: repository)
            guard times[pointer.oid] != nil else { return nil }
        }
        switch try await repositories.open(entry, in: snapshot, isPull: false).content {
        case .object(let bytes): return bytes
        case .blob(let reader):
            guard reader.isComplete else { return nil }
            let buffer = try await FileReads.read(reader.file, 0..<entry.contentSize)
            return Array(buffer.readableBytesView)
        }
    }

    /// Markdown of a file, made into markup whose links lead where they mean.
    func markdown(_ text: String, in folder: String, revision: String, _ context: PageContext) -> MarkdownDocument {
        let raw = header.rawAddress("", revision: revision)
        let links = MarkdownLinks.file(
            in: folder, of: header.address, raw: raw.hasSuffix("/") ? String(raw.dropLast()) : raw,
            revision: URLText.component(revision), siteURL: context.siteURL)
        return CardMarkdown(context).render(FrontMatter(splitting: text).body, links: links)
    }
}

extension CommitSummary {
    init(_ commit: CommitInfo) {
        self.init(
            oid: commit.id.hex, title: String(commit.title.prefix(300)), author: String(commit.author.name.prefix(100)),
            time: commit.committer.seconds.multipliedReportingOverflow(by: 1_000).partialValue)
    }
}

/// Gives up waiting for something a page can do without.
/// - Returns: nil when it took longer, or failed.
func within<Value: Sendable>(
    _ time: Duration, _ work: @escaping @Sendable () async throws -> Value
) async -> Value? {
    await withTaskGroup(of: Value?.self) { group in
        group.addTask { try? await work() }
        group.addTask {
            try? await Task.sleep(for: time)
            return nil
        }
        let first = await group.next() ?? nil
        group.cancelAll()
        return first
    }
}
