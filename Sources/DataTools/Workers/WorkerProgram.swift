import Foundation
import Glibc
import Synchronization

/// What runs in a worker's process: questions come on standard input, answers go to standard output.
package enum WorkerProgram {
    private struct Hello: Codable {
        let version: String
        let sandbox: [String]
        let problem: String?
    }

    /// What the reading thread and the asking thread share.
    private final class Shared: @unchecked Sendable {
        let library: DuckDBLibrary
        private let state = Mutex<(connection: UInt?, isInterrupted: Bool)>((nil, false))

        init(_ library: DuckDBLibrary) { self.library = library }

        func begin() { state.withLock { $0.isInterrupted = false } }
        func asks(_ connection: UnsafeMutableRawPointer?) {
            state.withLock { $0.connection = connection.map { UInt(bitPattern: $0) } }
        }
        var isInterrupted: Bool { state.withLock { $0.isInterrupted } }

        func interrupt() {
            state.withLock {
                $0.isInterrupted = true
                if let address = $0.connection, let pointer = UnsafeMutableRawPointer(bitPattern: address) {
                    library.interrupt(pointer)
                }
            }
        }
    }

    /// Engines that stay open: whoever turns pages asks the same files again.
    private static let openDatabases = 2

    /// - Parameters:
    ///   - path: of the library.
    ///   - folders: below which files may be read.
    package static func run(library path: String, folders: [String]) -> Never {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        var sandbox = WorkerSandbox()
        sandbox.limit()
        let library: DuckDBLibrary
        do throws(DuckDBLibrary.Failure) {
            library = try DuckDBLibrary(path: path)
        } catch {
            greet(Hello(version: "", sandbox: sandbox.held, problem: error.message))
            exit(1)
        }
        sandbox.confine(to: folders)
        let shared = Shared(library)
        let (requests, asker) = (Requests(), Asker(shared: shared))
        let thread = Thread { asker.run(requests) }
        // Expressions nest as deep as somebody writes them.
        thread.stackSize = 64 << 20
        thread.start()
        greet(Hello(version: library.version, sandbox: sandbox.held, problem: nil))
        while true {
            switch WorkerFrame.read(from: STDIN_FILENO, until: requests.deadline) {
            case .message(let bytes): requests.put(bytes)
            case .late:
                requests.forgetDeadline()
                shared.interrupt()
            case .end: _exit(0)
            }
        }
    }

    private static func greet(_ hello: Hello) {
        let bytes = (try? JSONEncoder().encode(hello)) ?? Data()
        _ = WorkerFrame.write(Array(bytes), to: STDOUT_FILENO)
    }

    /// One question at a time, handed from thread to thread.
    private final class Requests: @unchecked Sendable {
        private let condition = NSCondition()
        private var waiting: TableRequest?
        private var due: Int64?

        var deadline: Int64? { condition.withLock { due } }
        func forgetDeadline() { condition.withLock { due = nil } }

        func put(_ bytes: [UInt8]) {
            guard let request = try? JSONDecoder().decode(TableRequest.self, from: Data(bytes)) else { _exit(2) }
            condition.withLock {
                waiting = request
                due = WorkerFrame.now() + Int64(request.milliseconds) * 1_000_000
                condition.signal()
            }
        }

        func take() -> TableRequest {
            condition.withLock {
                while true {
                    if let request = waiting {
                        waiting = nil
                        return request
                    }
                    condition.wait()
                }
            }
        }
    }

    private final class Asker: @unchecked Sendable {
        private let shared: Shared
        private var databases: [TableDatabase] = []

        init(shared: Shared) { self.shared = shared }

        func run(_ requests: Requests) {
            while true {
                let request = requests.take()
                let started = WorkerFrame.now()
                shared.begin()
                var (head, body) = answer(request)
                requests.forgetDeadline()
                head.milliseconds = Int((WorkerFrame.now() - started) / 1_000_000)
                head.resident = Self.resident()
                let encoded = Array((try? JSONEncoder().encode(head)) ?? Data())
                var message: [UInt8] = []
                message.reserveCapacity(body.count + encoded.count + 4)
                WorkerFrame.append(UInt32(encoded.count), to: &message)
                message.append(contentsOf: encoded)
                message.append(contentsOf: body)
                guard WorkerFrame.write(message, to: STDOUT_FILENO) else { _exit(0) }
            }
        }

        private func answer(_ request: TableRequest) -> (AnswerHead, [UInt8]) {
            do throws(TableDatabase.Failure) {
                let database = try self.database(for: request)
                shared.asks(database.connection)
                defer { shared.asks(nil) }
                return try database.answer(request) { shared.isInterrupted }
            } catch {
                let problem = shared.isInterrupted ? .time : error.problem
                // After an error within the engine nothing of it is to be trusted.
                if problem == .engine || problem == .memory { databases = [] }
                return (AnswerHead(problem: problem, message: error.message), [])
            }
        }

        private func database(for request: TableRequest) throws(TableDatabase.Failure) -> TableDatabase {
            if let index = databases.firstIndex(where: { $0.files == request.files && $0.alias == request.alias }) {
                let database = databases.remove(at: index)
                databases.append(database)
                return database
            }
            if databases.count >= WorkerProgram.openDatabases { databases.removeFirst() }
            let opened = try TableDatabase(request.files, alias: request.alias, library: shared.library)
            databases.append(opened)
            return opened
        }

        private static func resident() -> Int64 {
            var usage = rusage()
            getrusage(RUSAGE_SELF.rawValue, &usage)
            return Int64(usage.ru_maxrss) << 10
        }
    }
}
