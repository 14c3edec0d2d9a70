import HubCore
import NIOCore
import Synchronization

/// Where the pieces of one request body come from: counts them, inflates them, invites them.
///
/// `@unchecked`: the reading state is touched only between `begin` and `end`, and `begin` admits one reader at a time.
final class RequestBodySource: @unchecked Sendable {
    private struct Progress {
        var isReading = false
        var isInvited = false
        var isEnded = false
        var received: Int64 = 0
    }

    let framing: RequestFraming
    private let limits: InflationLimits
    private let pull: () async throws -> ByteBuffer?
    private let invite: @Sendable () async throws -> Void
    private let progress = Mutex(Progress())
    private var inflater: GzipInflater?
    private var isPrepared = false

    /// - Parameters:
    ///   - invite: sends `100 Continue`; called at most once, before the first `pull`.
    ///   - pull: the next piece as it was sent, nil at the end. Called by one task at a time.
    init(
        framing: RequestFraming, limits: InflationLimits = InflationLimits(),
        invite: @escaping @Sendable () async throws -> Void = {}, pull: @escaping () async throws -> ByteBuffer?
    ) {
        self.framing = framing
        self.limits = limits
        self.invite = invite
        self.pull = pull
    }

    /// Bytes that came, as they were sent.
    var received: Int64 { progress.withLock { $0.received } }

    /// The client still waits for an invitation.
    var awaitsInvitation: Bool {
        framing.expectsInvitation && progress.withLock { !$0.isInvited }
    }

    /// Bytes that have not been read: nil when that is not known, 0 when there are none.
    var unread: Int64? {
        let progress = progress.withLock { $0 }
        if progress.isEnded { return 0 }
        return framing.declaredLength.map { $0 - progress.received }
    }

    func next() async throws -> ByteBuffer? {
        try begin()
        defer { end() }
        if framing.declaredLength == 0 { return nil }
        try prepare()
        try await inviteOnce()
        while true {
            if let piece = try inflater?.next() { return piece }
            guard let raw = try await receive() else { return nil }
            if let inflater {
                inflater.feed(raw)
            } else if raw.readableBytes > 0 {
                return raw
            }
        }
    }

    /// Reads and forgets what is left, up to `limit` bytes.
    ///
    /// - Returns: whether the end was reached.
    func discard(upTo limit: Int64) async throws -> Bool {
        try begin()
        defer { end() }
        var left = limit
        while left > 0 {
            guard let raw = try await receive() else { return true }
            left -= Int64(raw.readableBytes)
        }
        return false
    }

    /// Sends `100 Continue` if that is waited for and has not been done.
    func inviteOnce() async throws {
        let isFirst = progress.withLock { progress in
            defer { progress.isInvited = true }
            return !progress.isInvited
        }
        if isFirst, framing.expectsInvitation { try await invite() }
    }

    static func tooLarge(_ limit: Int) -> HubError {
        HubError(.payloadTooLarge, "The request body is larger than \(limit) bytes.")
    }

    private func prepare() throws {
        guard !isPrepared else { return }
        switch framing.encodings {
        case []: break
        case ["gzip"], ["x-gzip"]: inflater = try GzipInflater(limits: limits)
        default:
            throw HubError(
                .unsupportedMediaType,
                "The request body has the content encoding \(framing.encodings.joined(separator: ", ")).",
                remedy: "Send it plain or with gzip.")
        }
        isPrepared = true
    }

    private func receive() async throws -> ByteBuffer? {
        if progress.withLock({ $0.isEnded }) { return nil }
        let piece: ByteBuffer?
        do {
            piece = try await pull()
        } catch let error as HubError {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            throw HubError(.badRequest, "The request body is malformed or was cut off.")
        }
        guard let piece else {
            let received = progress.withLock { progress in
                progress.isEnded = true
                return progress.received
            }
            if let declared = framing.declaredLength, received < declared {
                throw HubError(.badRequest, "The request body ended after \(received) of \(declared) bytes.")
            }
            if let inflater, !inflater.isAtMemberEnd {
                throw HubError(.badRequest, "The compressed request body ends early.")
            }
            return nil
        }
        progress.withLock { $0.received += Int64(piece.readableBytes) }
        return piece
    }

    private func begin() throws {
        let isFree = progress.withLock { progress in
            defer { progress.isReading = true }
            return !progress.isReading
        }
        guard isFree else { throw HubError(.internalError, "The request body is read by two tasks.") }
    }

    private func end() {
        progress.withLock { $0.isReading = false }
    }
}
