import Dispatch
import HubCore
import Logging
package import Policies
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Compares texts with those of known licences, on a thread of its own: to index the known ones takes a moment, and so
/// does a long text.
package final class LicenseTextComparison: Sendable {
    private enum State {
        case unread
        case ready(LicenseClassifier)
        /// With why.
        case absent(String)
    }

    private let file: String?
    private let queue = DispatchQueue(label: "license-texts")
    private let state: Mutex<State>
    /// Which way of reading files results were found with.
    private static let reading = 1

    /// - Parameter file: nil where there is none.
    package init(file: String?) {
        self.file = file
        state = Mutex(file == nil ? .absent(Self.remedy) : .unread)
    }

    /// The same with texts that are at hand.
    package init(_ texts: LicenseTexts) {
        file = nil
        state = Mutex(.ready(LicenseClassifier(texts)))
    }

    private static let remedy =
        "No licence texts were found: LICENSE files are not read, and licences are taken as cards declare them."

    /// Where the texts are: where an operator says, else in the data directory, else where `make` lays them.
    package static func located(data: String, environment: [String: String]) -> LicenseTextComparison {
        if let named = environment["WEIR_LICENSE_TEXTS"], !named.isEmpty { return LicenseTextComparison(file: named) }
        let usual = ["\(data)/licenses/texts.json", ".assets/licenses/texts.json"]
        return LicenseTextComparison(file: usual.first { FileManager.default.isReadableFile(atPath: $0) })
    }

    /// What keeps texts from being compared, for the operator; nil where nothing does.
    package func problem() async -> String? {
        await prepare()
        return state.withLock { if case .absent(let reason) = $0 { reason } else { nil } }
    }

    /// Names the texts and the way of comparing that results are good for.
    func version() async -> String {
        await prepare()
        return state.withLock {
            if case .ready(let classifier) = $0 { "\(classifier.version)/\(Self.reading)" } else { "-/\(Self.reading)" }
        }
    }

    /// Whether there is anything to compare with.
    func isReady() async -> Bool {
        await prepare()
        return state.withLock { if case .ready = $0 { true } else { false } }
    }

    /// What a text is; nil for none that is known.
    func classify(_ bytes: [UInt8]) async -> LicenseTextMatch? {
        await prepare()
        guard case .ready(let classifier) = state.withLock({ $0 }) else { return nil }
        return await run { classifier.classify(Self.text(bytes)) }
    }

    /// Some editors write UTF-16, with a mark in front.
    private static func text(_ bytes: [UInt8]) -> String {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            let isLittle = bytes[0] == 0xFF
            let units = stride(from: 2, to: bytes.count - 1, by: 2).map { index in
                isLittle
                    ? UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8
                    : UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1])
            }
            return String(decoding: units, as: UTF16.self)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Reads the texts once.
    private func prepare() async {
        guard case .unread = state.withLock({ $0 }), let file else { return }
        await run { [self] in
            guard case .unread = state.withLock({ $0 }) else { return }
            let loaded = Self.load(file)
            state.withLock { $0 = loaded }
        }
    }

    private static func load(_ file: String) -> State {
        guard let data = FileManager.default.contents(atPath: file) else {
            return .absent("The licence texts '\(file)' cannot be read. \(remedy)")
        }
        do {
            return .ready(LicenseClassifier(try LicenseTexts(json: Array(data))))
        } catch {
            return .absent("\(error). \(remedy)")
        }
    }

    private func run<T: Sendable>(_ work: @escaping @Sendable () -> T) async -> T {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: work()) }
        }
    }
}
