import Foundation
import Glibc
package import NIOCore
import Synchronization

/// Writes log lines to a file descriptor from a thread of its own, so that a slow terminal or pipe holds up no request.
///
/// What waits is bounded: beyond half of the bound debug lines are dropped, beyond it all; how many is logged once there
/// is room again.
package final class LogWriter: Sendable {
    private struct State {
        var lines: [ByteBuffer] = []
        var size = 0
        var dropped = 0
        var isWriting = false
    }

    /// Standard error, for the process.
    package static let standardError = LogWriter(descriptor: STDERR_FILENO)

    private let descriptor: CInt
    private let limit: Int
    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - descriptor: stays open for the life of the process.
    ///   - limit: bytes that may wait.
    package init(descriptor: CInt, limit: Int = 4 << 20) {
        self.descriptor = descriptor
        self.limit = limit
        // A log reader that went away must not end the process.
        signal(SIGPIPE, SIG_IGN)
        let thread = Thread { [weak self, wake] in
            while true {
                wake.wait()
                guard let self else { return }
                self.drain()
            }
        }
        thread.name = "log"
        thread.start()
    }

    deinit { wake.signal() }

    /// Queues one line, with its newline.
    ///
    /// - Parameter isExpendable: dropped first when the reader is too slow.
    package func write(_ line: ByteBuffer, isExpendable: Bool) {
        let isQueued = state.withLock { state in
            let size = state.size + line.readableBytes
            guard size <= (isExpendable ? limit / 2 : limit) else {
                state.dropped += 1
                return false
            }
            state.lines.append(line)
            state.size = size
            return true
        }
        if isQueued { wake.signal() }
    }

    /// Waits until what was queued has been written; for the end of the process.
    package func flush() {
        while state.withLock({ !$0.lines.isEmpty || $0.isWriting }) { usleep(1_000) }
    }

    private func drain() {
        let (lines, dropped) = state.withLock { state in
            defer {
                state.lines = []
                state.size = 0
                state.dropped = 0
                state.isWriting = true
            }
            return (state.lines, state.dropped)
        }
        var batch = ByteBuffer()
        for line in lines { batch.writeImmutableBuffer(line) }
        if dropped > 0 {
            batch.writeString("{\"level\":\"warning\",\"msg\":\"log lines dropped\",\"count\":\(dropped)}\n")
        }
        put(batch)
        state.withLock { $0.isWriting = false }
    }

    private func put(_ bytes: ByteBuffer) {
        bytes.withUnsafeReadableBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let written = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written < 0, errno == EINTR { continue }
                // A reader that is gone cannot be told so; the lines are lost.
                guard written > 0 else { return }
                rest = rest.dropFirst(written)
            }
        }
    }
}
