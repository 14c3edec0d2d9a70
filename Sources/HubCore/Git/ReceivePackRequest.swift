/// What a client asks of `git-receive-pack`: the ref updates in front of the pack.
///
/// - SeeAlso: gitprotocol-pack, "Reference Update Request and Packfile Transfer".
package struct ReceivePackRequest: Sendable, Hashable {
    /// One ref's move, as the client wrote it. The name is checked later, so that each gets an answer of its own.
    package struct Command: Sendable, Hashable {
        /// Where the client saw the ref; nil for one that it creates.
        package var old: ObjectID?
        /// Where it shall go; nil to delete it.
        package var new: ObjectID?
        /// The full name as sent.
        package var name: String

        package init(old: ObjectID?, new: ObjectID?, name: String) {
            self.old = old
            self.new = new
            self.name = name
        }
    }

    package var commands: [Command] = []
    /// What the client can do, from its first line: `name` or `name=value`.
    package var capabilities: Set<String> = []
    /// The commits at which the client's own history is cut. Nothing follows from them: a push is taken only when
    /// everything it names is here.
    package var shallow: [ObjectID] = []

    package init() {}

    /// All or none.
    package var isAtomic: Bool { capabilities.contains("atomic") }
    /// Whether the client reads a report.
    package var wantsReport: Bool {
        capabilities.contains("report-status") || capabilities.contains("report-status-v2")
    }
    /// Whether the answer is framed in side-bands.
    package var usesSideBand: Bool { capabilities.contains("side-band-64k") }
    /// Whether people see what we have to say.
    package var isQuiet: Bool { capabilities.contains("quiet") }
    /// Whether a pack follows the commands: deletions need none.
    package var hasPack: Bool { commands.contains { $0.new != nil } }

    /// How large a request may be in front of its pack.
    package struct Limits: Sendable, Hashable {
        package var commands: Int
        package var shallow: Int

        package init(commands: Int = 10_000, shallow: Int = 10_000) {
            self.commands = commands
            self.shallow = shallow
        }
    }
}
