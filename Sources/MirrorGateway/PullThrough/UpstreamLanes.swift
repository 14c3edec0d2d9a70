import Synchronization

/// The ranges that are being fetched from each upstream, over all files.
///
/// Every file may have one at any time; more than one only while the upstream has connections to spare, so that many
/// files at once do not make each other wait, and people find a free connection.
final class UpstreamLanes: Sendable {
    private let active = Mutex<[String: Int]>([:])
    /// Connections that are left to others.
    private static let spare = 2

    /// - Parameter isFirst: whether the file has no other range on its way from there.
    /// - Returns: whether a range may be fetched; `release` follows then.
    func take(_ upstream: String, isFirst: Bool, connections: Int) -> Bool {
        active.withLock { active in
            let count = active[upstream] ?? 0
            guard isFirst || count < connections - Self.spare else { return false }
            active[upstream] = count + 1
            return true
        }
    }

    func release(_ upstream: String) {
        active.withLock { active in
            let count = (active[upstream] ?? 0) - 1
            active[upstream] = count > 0 ? count : nil
        }
    }
}
