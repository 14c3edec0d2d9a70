import HubCore
package import Logging

/// A few workers kept warm, each answering one question at a time; who finds none free waits in turn.
package actor WorkerPool {
    package struct Settings: Sendable {
        /// The program that is started with `duckdb-worker`.
        package var executable: String
        /// The library DuckDB.
        package var library: String
        /// Below which files may be read.
        package var folders: [String]
        /// Workers at the same time.
        package var workers = 2
        /// Questions that may wait.
        package var queue = 64

        package init(executable: String = "/proc/self/exe", library: String, folders: [String], workers: Int = 2) {
            self.executable = executable
            self.library = library
            self.folders = folders
            self.workers = workers
        }
    }

    private struct Waiting {
        let id: Int
        let isPatient: Bool
        let continuation: CheckedContinuation<Bool, Never>
    }

    private let settings: Settings
    private let logger: Logger
    private var idle: [(worker: WorkerProcess, files: [TableFile], questions: Int)] = []
    private var busy = 0
    private var patient = 0
    private var waiting: [Waiting] = []
    private var counter = 0
    private var isClosed = false

    /// Questions after which a worker makes room for a new one, and bytes of memory.
    private static let questionLimit = 500
    private static let residentLimit: Int64 = 900 << 20

    package init(_ settings: Settings, logger: Logger) {
        self.settings = settings
        self.logger = logger
    }

    /// Answers one question.
    ///
    /// - Parameter isPatient: whether it is work in the background, which leaves a worker to people.
    /// - Throws: `HubError`: `.unprocessable` for a question or a file that makes no sense or asks too much,
    ///   `.forbidden` for one that is not permitted, `.tooManyRequests` when too many wait, `.notSupported` without the
    ///   library; `CancellationError`.
    package func answer(_ request: TableRequest, isPatient: Bool = false) async throws -> TableAnswer {
        try await take(isPatient: isPatient)
        var taken: (worker: WorkerProcess, files: [TableFile], questions: Int)?
        do {
            let found = try await worker(for: request)
            taken = found
            let (head, body) = try await found.worker.ask(request)
            if found.questions >= Self.questionLimit || head.resident > Self.residentLimit || isClosed {
                found.worker.end()
            } else {
                idle.append((found.worker, request.files, found.questions + 1))
            }
            leave(isPatient: isPatient)
            return try Self.read(head, body, request)
        } catch {
            // A worker that did not answer answers nobody any more.
            if taken != nil, !(error is HubError) { taken?.worker.end() }
            if taken == nil || !(error is HubError) { leave(isPatient: isPatient) }
            throw Self.error(error, request)
        }
    }

    /// Ends all workers.
    package func close() {
        isClosed = true
        for (worker, _, _) in idle { worker.end() }
        idle = []
        for waiter in waiting { waiter.continuation.resume(returning: false) }
        waiting = []
    }

    // MARK: Turns

    private func mayGo(isPatient: Bool) -> Bool {
        busy < settings.workers && (!isPatient || settings.workers == 1 || patient < settings.workers - 1)
    }

    private func take(isPatient: Bool) async throws {
        guard !isClosed else { throw HubError(.shuttingDown, "The hub is being stopped.") }
        if !mayGo(isPatient: isPatient) || (!isPatient && waiting.contains { !$0.isPatient }) {
            guard waiting.count < settings.queue else {
                throw HubError(
                    .tooManyRequests, "Too many questions about rows of datasets wait already.",
                    remedy: "Try again in a moment.", retryAfter: 2)
            }
            counter += 1
            let id = counter
            let goes = await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    waiting.append(Waiting(id: id, isPatient: isPatient, continuation: continuation))
                }
            } onCancel: {
                Task { await self.giveUp(id) }
            }
            if !goes { throw CancellationError() }
            if Task.isCancelled {
                leave(isPatient: isPatient)
                throw CancellationError()
            }
        } else {
            enter(isPatient: isPatient)
        }
    }

    private func enter(isPatient: Bool) {
        busy += 1
        if isPatient { patient += 1 }
    }

    private func leave(isPatient: Bool) {
        busy -= 1
        if isPatient { patient -= 1 }
        // People first.
        while let index = waiting.firstIndex(where: { !$0.isPatient && mayGo(isPatient: false) })
            ?? waiting.firstIndex(where: { $0.isPatient && mayGo(isPatient: true) })
        {
            let waiter = waiting.remove(at: index)
            enter(isPatient: waiter.isPatient)
            waiter.continuation.resume(returning: true)
        }
    }

    private func giveUp(_ id: Int) {
        guard let index = waiting.firstIndex(where: { $0.id == id }) else { return }
        waiting.remove(at: index).continuation.resume(returning: false)
    }

    /// The idle worker that has the files open, or else any, or else a new one.
    private func worker(for request: TableRequest) async throws -> (
        worker: WorkerProcess, files: [TableFile], questions: Int
    ) {
        if let index = idle.lastIndex(where: { $0.files == request.files }) { return idle.remove(at: index) }
        if idle.count + busy > settings.workers, !idle.isEmpty { return idle.removeFirst() }
        return (try await WorkerProcess.start(settings), [], 0)
    }

    // MARK: Answers

    private static func read(
        _ head: AnswerHead, _ body: ArraySlice<UInt8>, _ request: TableRequest
    ) throws -> TableAnswer {
        if let problem = head.problem { throw error(problem, head.message ?? "", request) }
        var (rows, place) = ([[TableCell]](), body.startIndex)
        rows.reserveCapacity(head.rows)
        for _ in 0..<head.rows {
            var row: [TableCell] = []
            row.reserveCapacity(head.columns.count)
            for _ in head.columns {
                guard place + 4 <= body.endIndex else { throw broken }
                let mark = WorkerFrame.number(body[place...])
                let end = place + 4 + Int(mark & 0x7FFF_FFFF)
                guard end <= body.endIndex else { throw broken }
                row.append(
                    TableCell(json: String(decoding: body[place + 4..<end], as: UTF8.self), isCut: mark >> 31 == 1))
                place = end
            }
            rows.append(row)
        }
        return TableAnswer(columns: head.columns, rows: rows, isCut: head.isCut, milliseconds: head.milliseconds)
    }

    private static let broken = HubError(.internalError, "A worker of the dataset viewer answered nonsense.")

    private static func error(_ error: any Error, _ request: TableRequest) -> any Error {
        guard let loss = error as? WorkerProcess.Loss else { return error }
        if loss.isLate { return Self.error(.time, "", request) }
        return HubError(
            .unprocessable, "The process that read \(Self.names(request)) ended at this question.",
            remedy: "It may need more memory than one question may have, or a file is damaged.")
    }

    private static func names(_ request: TableRequest) -> String {
        request.files.count == 1 ? request.files[0].name : "\(request.files.count) files"
    }

    private static func error(_ problem: AnswerHead.Problem, _ message: String, _ request: TableRequest) -> HubError {
        switch problem {
        case .invalid: HubError(.unprocessable, message.onOneLine)
        case .refused: HubError(.forbidden, message.onOneLine, remedy: "Only the rows of this split can be read.")
        case .memory:
            HubError(
                .unprocessable, "The question needs more than the \(TableDatabase.memory) of memory that one may have.",
                remedy: "Ask for less: fewer columns, a filter, a smaller LIMIT.")
        case .time:
            HubError(
                .unprocessable,
                "The question took longer than the \(request.milliseconds / 1_000) seconds that one may take.",
                remedy: "Ask for less: a filter on fewer rows, or a smaller LIMIT.")
        case .file:
            HubError(
                .unprocessable,
                "\(names(request)) cannot be read as \(request.files.first?.format.rawValue ?? ""): \(message.onOneLine)"
            )
        case .engine:
            HubError(.unprocessable, "DuckDB could not read \(names(request)): \(message.onOneLine)")
        }
    }
}
