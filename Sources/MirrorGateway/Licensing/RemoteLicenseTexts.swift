import HubCore
import Policies

/// Reads the licence files of what is not here at its upstream: of what something here was made from, the words count as
/// well. A few small files, and nothing is stored of them but what they were recognised as.
struct RemoteLicenseTexts: Sendable {
    /// What was read.
    struct Found: Sendable {
        var texts: [LicenseLineage.Text] = []
        var notices: [String] = []
    }

    let transport: any UpstreamTransport
    let comparison: LicenseTextComparison

    /// Files of one repository that are read.
    private static let maximumFiles = 4
    /// Bytes of one; longer ones are no licences.
    private static let maximumBytes: Int64 = 256 << 10

    /// - Returns: nil where nothing can be read there, or nothing is known to compare it with.
    /// - Throws: why the upstream did not give it.
    func read(_ entry: RemoteEntry, at upstream: any Upstream) async throws -> Found? {
        guard let browsable = upstream as? any BrowsableUpstream, await comparison.isReady() else { return nil }
        let path = UpstreamPath(kind: entry.kind, path: entry.path)
        let revision = entry.description.commit?.hex ?? entry.description.defaultBranch ?? "main"
        // Somebody waits for it, but nobody's download has to.
        return try await EgressUrgency.$current.withValue(.browsing) {
            let listing = try await browsable.files(of: path, at: revision)
            guard let commit = listing.commit ?? entry.description.commit else { return nil }
            let reader = RangeReader(
                upstream, transport: transport, repository: path, commit: commit,
                allowance: Self.maximumBytes * Int64(Self.maximumFiles))
            var found = Found()
            let named = listing.files.compactMap { file in LicenseFiles.role(of: file.path).map { (file, $0) } }
                .sorted { ($0.1 == .license ? 0 : 1, $0.0.path) < ($1.1 == .license ? 0 : 1, $1.0.path) }
            for (file, role) in named.prefix(Self.maximumFiles) {
                found.notices.append(file.path)
                guard file.size > 0, file.size <= Self.maximumBytes else { continue }
                let match = await comparison.classify(try await reader.read(file, from: 0, count: file.size))
                if match == nil, role == .notice { continue }
                found.texts.append(LicenseLineage.Text(path: file.path, match: match))
            }
            return found
        }
    }
}
