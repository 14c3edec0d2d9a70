/// A list of repositories, papers and other collections that somebody put together.
package struct RepositoryCollection: Sendable, Hashable {
    package let id: CommunityID
    package let namespace: String
    /// Whether the namespace is a user's; otherwise an organisation's.
    package let isUsers: Bool
    package let title: String
    package let description: String?
    /// A colour's name.
    package let theme: String
    package let isPrivate: Bool
    /// Among the collections of its namespace.
    package let position: Int64
    /// Milliseconds since 1970.
    package let updatedAt: Int64
    /// Those the reader may discover, in order.
    package var items: [CollectionItem]

    /// `namespace/title-in-short-<id>`; follows the title, while the id stays.
    package var slug: String { "\(namespace)/\(Self.short(title))-\(id)" }

    package static let themes = ["orange", "blue", "green", "purple", "pink", "indigo"]

    /// A title in lower-case ASCII letters, digits and single dashes.
    static func short(_ title: String) -> String {
        var text = ""
        for byte in title.lowercased().utf8 {
            let isPlain =
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            if isPlain {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else if !text.isEmpty, !text.hasSuffix("-") {
                text += "-"
            }
            if text.utf8.count >= 60 { break }
        }
        while text.hasSuffix("-") { text.removeLast() }
        return text.isEmpty ? "collection" : text
    }

    /// The id at the end of a slug's second part; nil when there is none.
    package static func id(inSlug name: some StringProtocol) -> CommunityID? {
        CommunityID(name.suffix(24))
    }
}

/// One thing in a collection.
package struct CollectionItem: Sendable, Hashable {
    package enum Subject: Sendable, Hashable {
        case repository(Repository)
        /// Another collection, without what is in it.
        case collection(RepositoryCollection)
        /// A paper by its arXiv id.
        case paper(String)
    }

    package let id: CommunityID
    package let subject: Subject
    package let note: String?
    /// From 0, in the collection.
    package let position: Int64
}

/// What a client names to be put into a collection.
package enum CollectionSubject: Sendable, Hashable {
    case repository(RepositoryID)
    case collection(CommunityID, namespace: String)
    case paper(String)

    var isRepository: Bool {
        if case .repository = self { true } else { false }
    }

    /// Reads a type and an id as clients send them.
    /// - Throws: `.badRequest`.
    package init(type: String, id: String) throws {
        if type == "paper" {
            let isPlain = id.utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: ".")
                    || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "-")
            }
            guard isPlain, (1...64).contains(id.utf8.count) else {
                throw HubError(
                    .badRequest, "'\(id.prefix(64))' is no paper's id.", remedy: "Use one such as 2307.09288.")
            }
            self = .paper(id)
            return
        }
        if type == "collection" {
            let parts = id.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2, let key = RepositoryCollection.id(inSlug: parts[1]) else {
                throw HubError(.badRequest, "'\(id.prefix(200))' is no collection's slug.")
            }
            self = .collection(key, namespace: String(parts[0]))
            return
        }
        guard let kind = RepositoryKind(rawValue: type), let id = RepositoryID(kind: kind, path: id) else {
            throw HubError(.badRequest, "A collection cannot hold a \(type.prefix(32)) called '\(id.prefix(200))'.")
        }
        self = .repository(id)
    }

    /// Reads `models/acme/demo`, `collections/acme/demo-<id>` or `papers/2307.09288`, the form of filters; nil for
    /// anything else.
    package init?(filter: String) {
        let parts = filter.split(separator: "/", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        let type: String? =
            switch parts[0] {
            case "papers": "paper"
            case "collections": "collection"
            default: RepositoryKind.allCases.first { $0.plural == parts[0] }?.rawValue
            }
        guard let type, let subject = try? CollectionSubject(type: type, id: String(parts[1])) else { return nil }
        self = subject
    }
}

/// Which collections are listed.
package struct CollectionQuery: Sendable {
    /// Namespaces; empty for all.
    package var owners: [String] = []
    /// Things they hold, each of them; empty for any.
    package var items: [CollectionSubject] = []
    /// A part of the title; empty for any.
    package var search = ""
    package var offset = 0
    package var limit = 100

    package init() {}
}

/// Changes of a collection; nil leaves as it is.
package struct CollectionChange: Sendable {
    package var title: String?
    package var description: String?
    package var isPrivate: Bool?
    package var theme: String?
    package var position: Int64?

    package init() {}
}
