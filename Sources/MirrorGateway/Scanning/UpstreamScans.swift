import HubCore
import Logging
import Policies

/// An upstream that scans what it has, and tells what came of it.
protocol ScanningUpstream: Upstream {
    /// What it found in the files of a commit.
    /// - Returns: nil when it does not tell.
    func scans(of repository: UpstreamPath, at commit: CommitID) async throws -> (
        isDone: Bool, issues: [String: String]
    )?
}

extension HuggingFaceUpstream: ScanningUpstream {
    func scans(of repository: UpstreamPath, at commit: CommitID) async throws
        -> (isDone: Bool, issues: [String: String])?
    {
        try await HuggingFaceScans(parts: parts).ask(repository, commit)
    }
}

extension WeirUpstream: ScanningUpstream {
    func scans(of repository: UpstreamPath, at commit: CommitID) async throws
        -> (isDone: Bool, issues: [String: String])?
    {
        try await HuggingFaceScans(parts: parts).ask(repository, commit)
    }
}

/// Hugging Face's word on the scans of a revision.
///
/// - SeeAlso: Hub API, `GET /api/models/{repo_id}/revision/{revision}?securityStatus=true`.
struct HuggingFaceScans: Sendable {
    let parts: UpstreamParts

    /// Files that are kept of one answer.
    private static let maximumIssues = 10_000

    func ask(_ repository: UpstreamPath, _ commit: CommitID) async throws -> (isDone: Bool, issues: [String: String])? {
        guard let metadata = parts.addresses.metadata(of: repository) else { return nil }
        let url = metadata.appending(segments: ["revision", commit.hex]).appending(query: [("securityStatus", "true")])
        let answer = try await parts.metadata.get(url)
        guard answer.status == 200 else {
            throw parts.failures.error(answer, asking: "the scans of the \(repository)")
        }
        guard let status = answer.json?["securityRepoStatus"] else { return nil }
        return Self.read(status)
    }

    /// Nil for what cannot be read: nothing is known then.
    static func read(_ status: JSONValue) -> (isDone: Bool, issues: [String: String])? {
        guard case .array(let files) = status["filesWithIssues"] else { return nil }
        var issues: [String: String] = [:]
        for file in files.prefix(maximumIssues) {
            guard let path = file["path"]?.string ?? file.string else { continue }
            issues[path] = String((file["level"]?.string ?? "").prefix(64))
        }
        return (status["scansDone"]?.isTrue ?? false, issues)
    }
}

/// Asks upstreams what they found in what we have of them, and remembers it.
final class UpstreamScans: Sendable {
    private struct Place: Hashable, Sendable {
        let key: Int64
        let commit: CommitID
    }

    private let scanning: Scanning
    private let policies: PolicyEngine
    private let flights = SingleFlight<Place, UpstreamScanRecord?>()
    /// Those that could not be asked a moment ago.
    private let silent: ExpiringMemory<Place, Bool>
    private let isOffline: Bool

    /// How long an answer is taken as it is: what is unsafe today may have been safe yesterday.
    private static let lifetime: Int64 = 24 * 3_600_000
    private static let unfinishedLifetime: Int64 = 600_000
    private static let silence = Duration.seconds(60)

    init(scanning: Scanning, policies: PolicyEngine, isOffline: Bool) {
        self.scanning = scanning
        self.policies = policies
        self.isOffline = isOffline
        silent = ExpiringMemory(clock: scanning.hub.clock)
    }

    /// What was told last; nil when nobody was asked, or nobody told.
    /// - Returns: what was told, and whether it is time to ask.
    func known(_ commit: CommitID, of key: Int64) async throws -> (record: UpstreamScanRecord?, isDue: Bool) {
        let record = try await scanning.store.upstream(commit, of: key)
        let age = record.map { scanning.hub.clock.now() - $0.askedAt }
        let isFresh = age.map { $0 < (record?.isDone == true ? Self.lifetime : Self.unfinishedLifetime) } ?? false
        let mayAsk = !isOffline && silent[Place(key: key, commit: commit)] == nil
        return (record, !isFresh && mayAsk)
    }

    /// Asks the upstream the repository came from. What it answers is written down; a failure is not asked about again
    /// for a minute.
    @discardableResult
    func ask(_ commit: CommitID, of repository: Repository) async throws -> UpstreamScanRecord? {
        let place = Place(key: repository.key, commit: commit)
        return try await flights.run(place) { [self] in
            guard let path = UpstreamPath(of: repository) else { return nil }
            for upstream in try policies.upstreams(of: repository).compactMap({ $0 as? any ScanningUpstream }) {
                do {
                    guard let told = try await upstream.scans(of: path, at: commit) else { continue }
                    let record = UpstreamScanRecord(
                        upstream: upstream.name, isDone: told.isDone, issues: told.issues,
                        askedAt: scanning.hub.clock.now())
                    try await scanning.store.note(record, of: commit, in: repository.key)
                    scanning.noteChange()
                    return record
                } catch let error as HubError {
                    scanning.logger.debug("an upstream did not tell of its scans", metadata: ["error": "\(error)"])
                }
            }
            silent.remember(true, for: place, lifetime: Self.silence)
            return nil
        }.value
    }

    func shutDown() async { await flights.shutDown() }

    /// What the upstream found in one file; it is suspicious at least. That it found nothing says nothing.
    static func finding(_ record: UpstreamScanRecord?, _ path: String) -> ScanFinding? {
        guard let record, let level = record.issues[path] else { return nil }
        let word = level.isEmpty ? "unsafe" : level.onOneLine
        return ScanFinding(
            scanner: "upstream", verdict: .suspicious, code: "upstream.issue", place: "",
            text: "its upstream '\(record.upstream)' says that it is \(word)")
    }
}
