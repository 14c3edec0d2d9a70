import HTTPTypes
package import HubCore
import NIOCore
package import SQL
import Synchronization

/// Answers that were given a moment ago, to give them again to the same question while nothing has changed.
///
/// A question is the request with its credentials, its sender's address and all headers that may matter, so nobody is given
/// what somebody else was. An answer counts as long as the database has not been written to at all, by this process or
/// another, and no other policy is in force; and until the first moment at which something it was made from ends. Nothing
/// has to be told to this cache, and so nothing can be forgotten.
///
/// Routes say which of their answers may be kept (``AnswerConditions``); what counts use, writes an audit record or
/// speaks of an upstream's repository is made anew each time.
package final class AnswerCache: Sendable {
    /// Milliseconds for which an answer is given: what is written about the use of tokens is due each minute.
    private static let lifetime: Int64 = 10_000
    /// Bytes of one body.
    private static let largestAnswer = 256 << 10

    private struct Kept: Sendable {
        let response: HubResponse
        let route: String
        let mount: String
        let principal: Principal?
        let state: AnswerQuestion.State
        let madeAt: Int64
        let end: Int64
        let size: Int
    }

    /// Two generations: what was not asked for since the younger one began goes with the older one.
    private struct Shelf: Sendable {
        var young: [AnswerQuestion.Key: Kept] = [:]
        var old: [AnswerQuestion.Key: Kept] = [:]
        var size = 0
        /// Of what was kept last: answers of any other state are of no use.
        var latest: AnswerQuestion.State?
    }

    private let database: any Database
    private let clock: WallClock
    private let settings: @Sendable () -> UInt64
    private let generationSize: Int
    private let shelf = Mutex(Shelf())
    private let given = Atomic<Int>(0)

    /// - Parameters:
    ///   - settings: another number whenever something that is not in the database decides otherwise.
    ///   - capacity: bytes that are kept at most.
    package init(
        database: any Database, clock: WallClock, settings: @escaping @Sendable () -> UInt64 = { 0 },
        capacity: Int = 8 << 20
    ) {
        self.database = database
        self.clock = clock
        self.settings = settings
        generationSize = capacity / 2
    }

    /// How many answers were given again.
    package var answersGiven: Int { given.load(ordering: .relaxed) }

    /// What a request asks, taken before anything is read for its answer, and the request, whose body may have been read;
    /// nil for one whose answer is never kept.
    func question(_ request: HubRequest) async -> (AnswerQuestion, HubRequest)? {
        var request = request
        var body: ByteBuffer?
        switch AnswerQuestion.extent(request.method, path: request.rawPath, request.body.source.framing) {
        case nil: return nil
        case .head: break
        case .whole:
            guard let read = try? await request.body.collect(upTo: Int(AnswerQuestion.largestBody)) else { return nil }
            request.body = RequestBody(read)
            body = read
        }
        guard let state else { return nil }
        return (AnswerQuestion(request, body: body, state: state, askedAt: clock.now()), request)
    }

    /// Whether any answer is kept that may be given now: cheaper than to ask for one.
    var mayHaveAnswers: Bool {
        guard let state else { return false }
        return shelf.withLock { $0.latest == state }
    }

    /// The answer that was given to a request which is all there, and the request as its route saw it.
    ///
    /// - Parameter body: nil where none is part of the question.
    func answer(to request: HubRequest, body: ByteBuffer?) -> (HubResponse, HubRequest)? {
        guard let state else { return nil }
        return answer(to: AnswerQuestion(request, body: body, state: state, askedAt: clock.now()), request)
    }

    /// The answer that was given to a question, and the request as its route saw it.
    func answer(to question: AnswerQuestion, _ request: HubRequest) -> (HubResponse, HubRequest)? {
        guard let kept = take(question.key) else { return nil }
        guard kept.state == question.state, (kept.madeAt..<kept.end).contains(question.askedAt) else { return nil }
        given.wrappingAdd(1, ordering: .relaxed)
        var request = request
        request.route = kept.route
        request.mount = kept.mount
        if let principal = kept.principal { request.caller.note(principal) }
        return (kept.response, request)
    }

    /// Makes an answer, and keeps it where it may be given again.
    func making(
        _ question: AnswerQuestion, _ make: () async -> (HubResponse, HubRequest)
    ) async -> (HubResponse, HubRequest) {
        let conditions = AnswerConditions()
        let (response, request) = await AnswerConditions.$current.withValue(conditions) { await make() }
        if let end = conditions.end { keep(response, request, question, until: end) }
        return (response, request)
    }

    private var state: AnswerQuestion.State? {
        database.version.map { AnswerQuestion.State(database: $0, settings: settings()) }
    }

    private func keep(_ response: HubResponse, _ request: HubRequest, _ question: AnswerQuestion, until end: Int64) {
        guard response.status == 200 || response.status == 304, response.use == nil,
            let (answer, bytes) = Self.lasting(response, isHead: request.method == .head),
            bytes <= Self.largestAnswer, end > question.askedAt, state == question.state
        else { return }
        let headers = response.headers.reduce(0) { $0 + $1.name.rawName.utf8.count + $1.value.utf8.count + 64 }
        let kept = Kept(
            response: answer, route: request.route, mount: request.mount, principal: request.caller.known,
            state: question.state, madeAt: question.askedAt, end: min(end, question.askedAt + Self.lifetime),
            size: bytes + headers + 512)
        shelf.withLock { shelf in
            Self.put(kept, for: question.key, on: &shelf, generationSize)
            shelf.latest = kept.state
        }
    }

    /// The same response without anything that has to be let go of, and the bytes it holds.
    private static func lasting(_ response: HubResponse, isHead: Bool) -> (HubResponse, Int)? {
        var response = response
        if isHead {
            guard let length = response.body.length else { return nil }
            response.body = .stream(length: length) { _ in }
            return (response, 0)
        }
        switch response.body {
        case .none: return (response, 0)
        case .bytes(let buffer): return (response, buffer.storageCapacity)
        case .file, .stream: return nil
        }
    }

    private func take(_ key: AnswerQuestion.Key) -> Kept? {
        shelf.withLock { shelf in
            if let kept = shelf.young[key] { return kept }
            guard let kept = shelf.old.removeValue(forKey: key) else { return nil }
            Self.put(kept, for: key, on: &shelf, generationSize)
            return kept
        }
    }

    private static func put(_ kept: Kept, for key: AnswerQuestion.Key, on shelf: inout Shelf, _ generationSize: Int) {
        if shelf.size + kept.size > generationSize {
            shelf.old = shelf.young
            shelf.young = [:]
            shelf.size = 0
        }
        shelf.size += kept.size - (shelf.young.updateValue(kept, forKey: key)?.size ?? 0)
    }
}
