import NIOCore
import Synchronization

/// All open connections, so that a request finds its own and a shutdown can end those that do not end themselves.
final class ConnectionRegistry: Sendable {
    private struct Entry {
        let connection: Connection
        let channel: any Channel
    }

    private let entries = Mutex<[ObjectIdentifier: Entry]>([:])

    var count: Int { entries.withLock { $0.count } }

    func add(_ connection: Connection, _ channel: any Channel) {
        entries.withLock { $0[ObjectIdentifier(channel)] = Entry(connection: connection, channel: channel) }
    }

    func remove(_ channel: any Channel) {
        entries.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(channel)) }
    }

    /// The connection of a channel; one that is gone already when the channel has been removed.
    func connection(of channel: any Channel) -> Connection {
        if let entry = entries.withLock({ $0[ObjectIdentifier(channel)] }) { return entry.connection }
        let gone = Connection()
        gone.markGone()
        return gone
    }

    func closeAll() {
        for entry in entries.withLock({ Array($0.values) }) {
            entry.connection.markGone()
            entry.channel.close(promise: nil)
        }
    }
}
