import Foundation

/// What the process is sent, as it comes.
struct StandardInput: AsyncSequence, Sendable {
    typealias Element = [UInt8]
    typealias Failure = any Error

    private let stream: AsyncThrowingStream<[UInt8], any Error>

    /// Reads on a thread of its own: a read of a pipe blocks. At most eight pieces wait to be taken.
    init() {
        let (stream, continuation) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
        // It must not go away with a lower count than it was made with, so it is made with none.
        let room = DispatchSemaphore(value: 0)
        for _ in 0..<8 { room.signal() }
        self.room = room
        self.stream = stream
        Thread.detachNewThread {
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                room.wait()
                let count = read(STDIN_FILENO, &buffer, buffer.count)
                guard count > 0 else { break }
                continuation.yield(Array(buffer[..<count]))
            }
            continuation.finish()
        }
    }

    private let room: DispatchSemaphore

    struct AsyncIterator: AsyncIteratorProtocol {
        var base: AsyncThrowingStream<[UInt8], any Error>.AsyncIterator
        let room: DispatchSemaphore

        mutating func next() async throws -> [UInt8]? {
            let piece = try await base.next()
            if piece != nil { room.signal() }
            return piece
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: stream.makeAsyncIterator(), room: room) }
}

/// Where the process answers.
enum StandardOutput {
    /// Writes everything; ends when the reader is gone.
    static func write(_ bytes: some Collection<UInt8>) throws {
        try FileHandle.standardOutput.write(contentsOf: Data(bytes))
    }
}
