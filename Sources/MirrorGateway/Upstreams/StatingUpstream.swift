package import HubCore

/// An upstream that has signed statements about its revisions.
package protocol StatingUpstream: Upstream {
    /// The statements about a commit, each an envelope's JSON; none where it has none. They are not verified.
    /// - Throws: as `Upstream.lookUp`.
    func statements(of repository: UpstreamPath, at commit: CommitID) async throws -> [[UInt8]]

    /// Where they are, for people and for statements that refer to them.
    func address(ofStatementsAbout repository: UpstreamPath, at commit: CommitID) -> String
}

extension WeirUpstream: StatingUpstream {
    /// Statements of one commit that are looked at.
    private static let maximumStatements = 64

    private func url(of repository: UpstreamPath, at commit: CommitID) -> EgressURL? {
        let names = repository.path.split(separator: "/").map(String.init)
        guard names.count == 2 else { return nil }
        return parts.addresses.base.appending(
            segments: [
                "api", "gateway", "v1", "provenance", repository.kind.plural, names[0], "\(names[1])@\(commit.hex)",
                "statements",
            ])
    }

    package func address(ofStatementsAbout repository: UpstreamPath, at commit: CommitID) -> String {
        url(of: repository, at: commit).map { "\($0)" } ?? ""
    }

    package func statements(of repository: UpstreamPath, at commit: CommitID) async throws -> [[UInt8]] {
        guard let url = url(of: repository, at: commit)?.appending(query: [("format", "jsonl")]) else { return [] }
        let answer = try await parts.metadata.get(url)
        switch answer.status {
        case 200: break
        // An older hub knows no such thing, and one that does may have nothing to show us.
        case 400...499 where answer.status != 429: return []
        default:
            throw HubError(
                .upstreamUnavailable,
                "Upstream \(name) answered \(answer.status) when asked for statements about \(repository).")
        }
        guard !answer.isWebPage else { return [] }
        return answer.body.split(separator: UInt8(ascii: "\n"), maxSplits: Self.maximumStatements)
            .prefix(Self.maximumStatements).map(Array.init)
    }
}
