/// What a client asks of `git-upload-pack`, read from the head of a POST body: enough to know whether history must be
/// deepened or objects fetched before the request can be served.
///
/// - SeeAlso: gitprotocol-v2 "fetch" and "ls-refs"; gitprotocol-pack "Packfile Negotiation" for versions 0 and 1.
package struct UploadPackRequest: Sendable, Hashable {
    /// What is asked. Versions 0 and 1 know only `fetch`.
    package enum Command: Sendable, Hashable {
        case listRefs
        case fetch
        case objectInfo
        case other(String)

        init(_ name: String) {
            switch name {
            case "ls-refs": self = .listRefs
            case "fetch": self = .fetch
            case "object-info": self = .objectInfo
            default: self = .other(name)
            }
        }
    }

    package var version: GitProtocolVersion
    package var command: Command
    /// Capabilities the client sent, `name` or `name=value`.
    package var capabilities: [String] = []
    /// Objects the client wants.
    package var wants: [ObjectID] = []
    /// Refs the client wants by name (v2 `want-ref`).
    package var wantedRefs: [String] = []
    /// How many objects the client said it has.
    package var haveCount = 0
    /// The commits at which the client's own history is cut.
    package var shallow: [ObjectID] = []
    /// `deepen N`: commits from each tip.
    package var depth: Int?
    /// `deepen-since`: seconds since 1970.
    package var deepenSince: Int64?
    /// `deepen-not`: refs whose history is left out.
    package var deepenNot: [String] = []
    /// Whether `depth` counts from the client's own boundary.
    package var isDeepenRelative = false
    /// The partial clone filter, such as `blob:none`.
    package var filter: String?
    /// Whether the client ended the negotiation.
    package var isDone = false
    /// v2 `ls-refs` prefixes; none means every ref.
    package var refPrefixes: [String] = []

    /// The depth git means by "everything" (`--unshallow`).
    package static let infiniteDepth = 0x7FFF_FFFF

    package init(version: GitProtocolVersion, command: Command) {
        self.version = version
        self.command = command
    }

    /// Whether the client limits history to less than all of it.
    package var limitsHistory: Bool {
        depth.map { $0 < Self.infiniteDepth } ?? false || deepenSince != nil || !deepenNot.isEmpty
    }

    /// Whether commits behind the wanted ones are needed: all but `--depth 1`.
    package var wantsHistory: Bool {
        !(depth == 1 && deepenSince == nil && deepenNot.isEmpty && !isDeepenRelative)
    }

    /// How many lists a request may fill, and how far.
    package struct Limits: Sendable, Hashable {
        /// Lines of any kind.
        package var lines: Int
        /// Wants, wanted refs, boundaries, prefixes and capabilities, each.
        package var items: Int

        package init(lines: Int = 1_000_000, items: Int = 200_000) {
            self.lines = lines
            self.items = items
        }
    }
}
