package import Foundation
import HubCore
package import Logging
import NIOCore

/// One JSON object a line: `ts`, `level`, `msg`, then the metadata; secrets are taken out of every text.
package struct JSONLogHandler: LogHandler {
    /// Bytes of one text in a line; longer ones are cut.
    package static let textLimit = 8 << 10

    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let writer: LogWriter
    private let now: @Sendable () -> Date

    package init(
        label: String, level: Logger.Level = .info, writer: LogWriter = .standardError,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.label = label
        logLevel = level
        self.writer = writer
        self.now = now
    }

    package subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        writer.write(line(event), isExpendable: event.level <= .debug)
    }

    func line(_ event: LogEvent) -> ByteBuffer {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let own = event.metadata { all.merge(own) { $1 } }
        if let error = event.error { all["error"] = .string(String(describing: error)) }
        var json = JSONWriter(capacity: 256)
        json.object {
            $0.member("ts", JSONDate.text(now()))
            $0.member("level", event.level.rawValue)
            $0.member("msg", Self.text(event.message.description))
            if label != "weir" { $0.member("logger", label) }
            for (key, value) in all.sorted(by: { $0.key < $1.key }) {
                $0.key(key)
                Self.write(value, key: key, to: &$0)
            }
        }
        var line = json.buffer
        line.writeStaticString("\n")
        return line
    }

    private static func write(_ value: Logger.MetadataValue, key: String, to json: inout JSONWriter) {
        switch value {
        case .string(let string):
            json.value(isSecret(key) ? "***" : text(string))
        case .stringConvertible(let convertible):
            switch convertible {
            case let number as Int: json.value(number)
            case let number as Int64: json.value(number)
            case let number as Double: json.value(number)
            case let flag as Bool: json.value(flag)
            default: json.value(isSecret(key) ? "***" : text(convertible.description))
            }
        case .array(let values):
            json.array { for value in values { write(value, key: key, to: &$0) } }
        case .dictionary(let values):
            json.object {
                for (key, value) in values.sorted(by: { $0.key < $1.key }) {
                    $0.key(key)
                    write(value, key: key, to: &$0)
                }
            }
        }
    }

    private static func text(_ text: String) -> String {
        let scrubbed = LogScrubber.scrub(text)
        guard scrubbed.utf8.count > textLimit else { return scrubbed }
        return String(decoding: scrubbed.utf8.prefix(textLimit), as: UTF8.self) + "…"
    }

    private static func isSecret(_ key: String) -> Bool {
        ["authorization", "token", "password", "secret", "cookie"].contains(key.lowercased())
    }
}
