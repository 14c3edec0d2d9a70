import HubCore
import Policies

/// What documents about a revision are made from. Everything that the card says was written by strangers: texts are cut,
/// lists too, and nothing of it becomes an identifier without being looked at.
struct RevisionFacts: Sendable {
    let repository: RepositoryID
    let commit: CommitID
    let files: [FileDigest]
    let card: Card
    /// `config.json` of a model; nil where there is none that can be read.
    let configuration: JSONValue?
    /// Where it came from; nil for local content.
    let origin: (url: String, type: UpstreamType, path: String)?
    /// An SPDX expression that this hub came to; nil when it came to none.
    let concludedLicense: String?
    /// Milliseconds since 1970 of the commit.
    let committedAt: Int64

    /// Characters of a text from a card.
    private static let maximumText = 2_000
    private static let maximumItems = 200

    /// A text of the card under a key.
    func text(_ key: String) -> String? { card.data?[key]?.scalarText.flatMap(Self.clean) }

    /// The texts of the card under a key.
    func texts(_ key: String) -> [String] { Self.unique((card.data?[key]?.strings ?? []).compactMap(Self.clean)) }

    /// Without what commands terminals, and not longer than anybody reads; nil for nothing.
    static func clean(_ text: String) -> String? {
        let clean = String(text.prefix(maximumText)).onOneLine
        return clean.allSatisfy(\.isWhitespace) ? nil : clean
    }

    private static func unique(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        return Array(texts.filter { seen.insert($0).inserted }.prefix(maximumItems))
    }

    /// `owner/name`, when a text is such a name.
    static func path(_ text: String) -> String? {
        RepositoryID(kind: .model, path: text) == nil ? nil : text
    }

    /// Identifies the repository, or another one of the same hub, everywhere.
    func packageURL(kind: HubCore.RepositoryKind, path: String, version: String?) -> String {
        let suffix = version.map { "@\($0)" } ?? ""
        guard let origin, kind == .model else {
            return "pkg:generic/\(kind.plural)/\(path)\(suffix)"
        }
        guard origin.type != .huggingface else { return "pkg:huggingface/\(path)\(suffix)" }
        return "pkg:huggingface/\(path)\(suffix)?repository_url=\(PercentEncoding.queryPart(origin.url))"
    }

    /// The page of the repository where it came from.
    var page: String? {
        origin.map { origin in
            let base = origin.url.hasSuffix("/") ? String(origin.url.dropLast()) : origin.url
            let prefix = origin.type == .huggingface && repository.kind == .model ? "" : "\(repository.kind.plural)/"
            return "\(base)/\(prefix)\(origin.path)"
        }
    }
}
