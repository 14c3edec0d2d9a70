import CDuckDB
import Foundation
import Glibc
import HubCore
import Synchronization

/// One worker as the hub sees it: a process of its own with two pipes.
final class WorkerProcess: Sendable {
    /// Why there was no answer.
    struct Loss: Error {
        let isLate: Bool
    }

    let pid: pid_t
    private let input: Int32
    private let output: Int32
    private let queue = DispatchQueue(label: "weir.duckdb-worker")
    private let isGone = Mutex(false)

    /// Nanoseconds a worker has to be ready; loading the library from a cold disk takes seconds.
    private static let patience: Int64 = 30_000_000_000
    /// Nanoseconds past its deadline after which a worker that does not answer is killed.
    private static let grace: Int64 = 2_000_000_000

    private struct Hello: Decodable {
        let version: String
        let sandbox: [String]
        let problem: String?
    }

    /// Starts a worker and waits until it is ready.
    /// - Throws: `.notSupported` when the library cannot be loaded; `.internalError`.
    static func start(_ settings: WorkerPool.Settings) async throws -> WorkerProcess {
        let process = try WorkerProcess(settings)
        return try await withCheckedThrowingContinuation { continuation in
            process.queue.async {
                continuation.resume(with: Result { try process.greet() })
            }
        }
    }

    private func greet() throws -> WorkerProcess {
        guard case .message(let bytes) = WorkerFrame.read(from: output, until: WorkerFrame.now() + Self.patience),
            let hello = try? JSONDecoder().decode(Hello.self, from: Data(bytes))
        else {
            end()
            throw HubError(.internalError, "A worker of the dataset viewer did not start.", status: 503, retryAfter: 5)
        }
        if let problem = hello.problem {
            end()
            throw HubError(
                .notSupported, "The dataset viewer cannot load DuckDB: \(problem)",
                remedy: "Run `make duckdb`, or name a libduckdb.so in WEIR_LIBDUCKDB.")
        }
        return self
    }

    private init(_ settings: WorkerPool.Settings) throws {
        var (toChild, fromChild) = ([Int32](repeating: 0, count: 2), [Int32](repeating: 0, count: 2))
        guard pipe2(&toChild, O_CLOEXEC) == 0, pipe2(&fromChild, O_CLOEXEC) == 0 else {
            throw HubError(.internalError, "A worker of the dataset viewer could not be given pipes.")
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, toChild[0], 0)
        posix_spawn_file_actions_adddup2(&actions, fromChild[1], 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        // Nothing else that the hub has open is the worker's.
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        posix_spawn_file_actions_addchdir_np(&actions, "/")
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        posix_spawnattr_setpgroup(&attributes, 0)
        let arguments = [settings.executable, "duckdb-worker", settings.library] + settings.folders
        var vector = arguments.map { strdup($0) } + [nil]
        defer { for argument in vector { Glibc.free(argument) } }
        // No environment: there are secrets in the hub's.
        var environment: [UnsafeMutablePointer<CChar>?] = [strdup("LC_ALL=C.UTF-8"), nil]
        defer { for variable in environment { Glibc.free(variable) } }
        var pid: pid_t = 0
        let failure = posix_spawn(&pid, settings.executable, &actions, &attributes, &vector, &environment)
        close(toChild[0])
        close(fromChild[1])
        input = toChild[1]
        output = fromChild[0]
        self.pid = pid
        guard failure == 0 else {
            close(input)
            close(output)
            throw HubError(
                .internalError,
                "A worker of the dataset viewer could not be started: \(String(cString: strerror(failure)))"
            )
        }
    }

    /// Asks one question. When the task is cancelled the worker is killed.
    /// - Throws: `Loss` when the worker is gone, `CancellationError`.
    func ask(_ request: TableRequest) async throws -> (head: AnswerHead, body: ArraySlice<UInt8>) {
        let payload = Array(try JSONEncoder().encode(request))
        let deadline = WorkerFrame.now() + Int64(request.milliseconds) * 1_000_000 + Self.grace
        let reading = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<WorkerFrame.Reading, Never>) in
                queue.async { [input, output] in
                    guard WorkerFrame.write(payload, to: input) else { return continuation.resume(returning: .end) }
                    continuation.resume(returning: WorkerFrame.read(from: output, until: deadline))
                }
            }
        } onCancel: {
            kill()
        }
        try Task.checkCancellation()
        guard case .message(let bytes) = reading, bytes.count >= 4 else {
            if case .late = reading { throw Loss(isLate: true) }
            throw Loss(isLate: false)
        }
        let length = Int(WorkerFrame.number(bytes))
        guard bytes.count >= 4 + length,
            let head = try? JSONDecoder().decode(AnswerHead.self, from: Data(bytes[4..<4 + length]))
        else { throw Loss(isLate: false) }
        return (head, bytes[(4 + length)...])
    }

    private func kill() {
        isGone.withLock { if !$0 { Glibc.kill(pid, SIGKILL) } }
    }

    /// Ends the process and waits for it.
    func end() {
        let isFirst = isGone.withLock { gone in
            defer { gone = true }
            if !gone { Glibc.kill(pid, SIGKILL) }
            return !gone
        }
        guard isFirst else { return }
        queue.async { [pid, input, output] in
            close(input)
            close(output)
            var status: Int32 = 0
            while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        }
    }
}
