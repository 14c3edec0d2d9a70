/// What became of a push: whether the pack was taken, and each ref's fate.
///
/// - SeeAlso: gitprotocol-pack, "Report Status".
package struct ReceivePackReport: Sendable, Hashable {
    /// One ref's fate.
    package struct Outcome: Sendable, Hashable {
        package var name: String
        /// Why it did not move; nil when it did.
        package var refusal: String?

        package init(name: String, refusal: String?) {
            self.name = name
            self.refusal = refusal
        }
    }

    /// Why the pack was not taken; nil when it was.
    package var unpackFailure: String?
    package var outcomes: [Outcome]
    /// What people are told, one line each.
    package var remarks: [String]

    package init(unpackFailure: String? = nil, outcomes: [Outcome], remarks: [String] = []) {
        self.unpackFailure = unpackFailure
        self.outcomes = outcomes
        self.remarks = remarks
    }

    /// Nothing of a push could be taken, for this reason.
    package init(refusing request: ReceivePackRequest, because error: HubError) {
        self.init(
            unpackFailure: error.line,
            outcomes: request.commands.map { Outcome(name: $0.name, refusal: "unpacker error") },
            remarks: error.code == .quotaExceeded ? [error.line] : [])
    }

    /// The answer on the wire to what `request` asked: the report where the client reads one, in side-bands where it
    /// knows them.
    package func encoded(for request: ReceivePackRequest) -> [UInt8] {
        var bytes: [UInt8] = []
        if request.usesSideBand {
            for remark in remarks { Self.append(band: 2, Array("\(Self.line(remark))\n".utf8), to: &bytes) }
        }
        if request.wantsReport {
            if request.usesSideBand {
                Self.append(band: 1, lines, to: &bytes)
            } else {
                bytes.append(contentsOf: lines)
            }
        }
        if request.usesSideBand { PktLine.flush.append(to: &bytes) }
        return bytes
    }

    /// An empty message to people, which keeps a connection from looking dead.
    package static let keepAlive: [UInt8] = PktLine.data([2]).encoded

    private var lines: [UInt8] {
        var bytes: [UInt8] = []
        PktLine.text("unpack \(unpackFailure.map(Self.line) ?? "ok")").append(to: &bytes)
        for outcome in outcomes {
            PktLine.text(
                outcome.refusal.map { "ng \(Self.line(outcome.name)) \(Self.line($0))" } ?? "ok \(outcome.name)"
            )
            .append(to: &bytes)
        }
        PktLine.flush.append(to: &bytes)
        return bytes
    }

    private static func append(band: UInt8, _ payload: [UInt8], to bytes: inout [UInt8]) {
        var rest = payload[...]
        while !rest.isEmpty {
            let part = rest.prefix(PktLine.maximumPayload - 1)
            rest = rest.dropFirst(part.count)
            PktLine.data([band] + part).append(to: &bytes)
        }
    }

    /// One line of at most 1000 characters, without control characters.
    private static func line(_ text: String) -> String { text.prefix(1_000).onOneLine }
}
