import Glibc

/// Messages between the hub and a worker: a length of four bytes, the most significant first, and as many bytes.
enum WorkerFrame {
    /// Bytes of the longest message.
    static let limit = 64 << 20

    static func append(_ value: UInt32, to bytes: inout [UInt8]) {
        for shift in [24, 16, 8, 0] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    static func number(_ bytes: some Collection<UInt8>) -> UInt32 { bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) } }

    /// - Returns: whether all of it was written.
    static func write(_ payload: [UInt8], to descriptor: Int32) -> Bool {
        var message: [UInt8] = []
        message.reserveCapacity(payload.count + 4)
        append(UInt32(payload.count), to: &message)
        message.append(contentsOf: payload)
        return message.withUnsafeBytes { raw in
            var sent = 0
            while sent < raw.count {
                let count = Glibc.write(descriptor, raw.baseAddress.unsafelyUnwrapped + sent, raw.count - sent)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }
    }

    enum Reading {
        case message([UInt8])
        /// The other side is gone, or says what no message is.
        case end
        case late
    }

    /// - Parameter deadline: nanoseconds of the monotonic clock; nil to wait for ever.
    static func read(from descriptor: Int32, until deadline: Int64?) -> Reading {
        switch read(4, from: descriptor, until: deadline) {
        case .message(let head):
            let length = Int(number(head))
            guard length <= limit else { return .end }
            return read(length, from: descriptor, until: deadline)
        case let other: return other
        }
    }

    private static func read(_ count: Int, from descriptor: Int32, until deadline: Int64?) -> Reading {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            if let deadline {
                var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                let left = max(0, (deadline - now()) / 1_000_000)
                let ready = poll(&waiting, 1, Int32(clamping: left))
                if ready < 0, errno == EINTR { continue }
                if ready == 0 { return .late }
            }
            let taken = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress.unsafelyUnwrapped + filled, count - filled)
            }
            if taken < 0, errno == EINTR { continue }
            guard taken > 0 else { return .end }
            filled += taken
        }
        return .message(bytes)
    }

    /// Nanoseconds of the monotonic clock.
    static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
