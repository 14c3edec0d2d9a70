import HubCore
import ServiceLifecycle

/// Gives freed memory back to the system from time to time.
///
/// The allocator keeps what was freed between what is still in use, and raises by itself how much of it it keeps: after
/// half an hour of mixed load 75 of 143 MiB were free, and the process grew. What comes back at once is a few thousand
/// page faults a minute.
struct MemoryKeeping: Service {
    private static let pause = Duration.seconds(60)

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: Self.pause)
                FreedMemory.giveBack()
            }
        }
    }
}
