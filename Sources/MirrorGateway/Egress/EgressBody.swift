import HubCore

/// The body of an answer: chunks of up to 1 MiB while they arrive, to be read once.
///
/// At most about 4 MiB wait here; beyond that the upstream is held back until the reader takes more. Letting go of the
/// body or of its iterator before the end ends the transfer. Throws `HubError`: `upstream-unavailable` when the
/// connection breaks, stalls or ends early, `upstream-corrupt` when the answer is larger than allowed.
/// The end (nil) comes only after as many bytes as were announced.
package struct EgressBody: AsyncSequence, Sendable {
    package typealias Element = [UInt8]
    package typealias Failure = any Error

    private enum Source: Sendable {
        case transfer(Lease)
        case chunks([[UInt8]])
    }

    private let source: Source

    /// A body that is here already, for answers made without a network.
    package init(_ chunks: [[UInt8]]) {
        source = .chunks(chunks)
    }

    init(_ exchange: TransferExchange) {
        source = .transfer(Lease(exchange))
    }

    package func makeAsyncIterator() -> AsyncIterator {
        switch source {
        case .transfer(let lease): AsyncIterator(reader: .transfer(Lease(lease.exchange)), body: self)
        case .chunks(let chunks): AsyncIterator(reader: .chunks(chunks[...]), body: self)
        }
    }

    /// The whole body in one array.
    ///
    /// - Throws: `upstream-corrupt` when it is larger than `limit` bytes; else as reading does.
    package func collect(upTo limit: Int) async throws -> [UInt8] {
        var whole: [UInt8] = []
        for try await chunk in self {
            guard whole.count + chunk.count <= limit else {
                throw HubError(.upstreamCorrupt, "An upstream's answer is larger than the \(limit) bytes expected.")
            }
            if whole.isEmpty { whole = chunk } else { whole += chunk }
        }
        return whole
    }

    /// Ends the transfer when nobody holds it any more.
    fileprivate final class Lease: Sendable {
        let exchange: TransferExchange
        init(_ exchange: TransferExchange) { self.exchange = exchange }
        deinit { exchange.cancel() }
    }

    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate enum Reader {
            case transfer(Lease)
            case chunks(ArraySlice<[UInt8]>)
            case ended
        }

        fileprivate var reader: Reader
        /// Keeps the transfer alive when only the iterator is held.
        fileprivate let body: EgressBody

        package mutating func next() async throws -> [UInt8]? {
            switch reader {
            case .ended: return nil
            case .chunks(var rest):
                let chunk = rest.popFirst()
                reader = .chunks(rest)
                return chunk
            case .transfer(let lease):
                switch await lease.exchange.next() {
                case .success(let chunk?): return chunk
                case .success(nil):
                    reader = .ended
                    return nil
                case .failure(let failure):
                    if Task.isCancelled { throw CancellationError() }
                    throw failure.error
                }
            }
        }
    }
}
