import Synchronization

/// The bytes that bodies which are being received were declared with and have not brought yet: two that fit alone
/// and not together are not both invited (S24).
final class SpacePromises: Sendable {
    private let total = Mutex<Int64>(0)

    /// Bytes that are still to come.
    var bytes: Int64 { total.withLock { $0 } }

    /// Counts a body in, if there is room for it beside the others.
    /// - Parameter check: refuses a number of bytes for which there is no room. It is asked one at a time.
    func make(_ count: Int64, _ check: (Int64) throws -> Void) rethrows -> SpacePromise {
        let count = max(0, count)
        try total.withLock { total in
            let sum = total.addingClamped(count)
            try check(sum)
            total = sum
        }
        return SpacePromise(count, of: self)
    }

    fileprivate func release(_ count: Int64) {
        total.withLock { $0 = max(0, $0 - count) }
    }
}

/// What one body still brings. It ends with its last holder at the latest.
final class SpacePromise: Sendable {
    private let left: Mutex<Int64>
    private let promises: SpacePromises

    fileprivate init(_ count: Int64, of promises: SpacePromises) {
        left = Mutex(count)
        self.promises = promises
    }

    deinit { end() }

    /// So many bytes are on the disk now, and the file system counts them itself.
    func keep(_ count: Int64) {
        let kept = left.withLock { left in
            let kept = min(left, max(0, count))
            left -= kept
            return kept
        }
        promises.release(kept)
    }

    /// Nothing more comes.
    func end() { keep(.max) }
}
