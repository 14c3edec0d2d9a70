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
    private enum State: Sendable {
        case unread
        case ready(LicenseClassifier)
        /// They can be read, and nobody needs them now.
        case resting(version: String)
        /// With why.
        case absent(String)
    }

    private let file: String?
    private let queue = DispatchQueue(label: "license-texts")
    private let state: Mutex<State>
    private let uses = Atomic<Int>(0)
    /// Seconds for which texts are kept that nobody uses.
    private static let patience = 10.0
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
            switch $0 {
            case .ready(let classifier): "\(classifier.version)/\(Self.reading)"
            case .resting(let version): "\(version)/\(Self.reading)"
            case .unread, .absent: "-/\(Self.reading)"
            }
        }
    }

    /// Whether there is anything to compare with.
    func isReady() async -> Bool {
        await prepare()
        return state.withLock {
            switch $0 {
            case .ready, .resting: true
            case .unread, .absent: false
            }
        }
    }

    /// What a text is; nil for none that is known.
    func classify(_ bytes: [UInt8]) async -> LicenseTextMatch? {
        await run { [self] in
            find(withTexts: true)
            guard case .ready(let classifier) = state.withLock({ $0 }) else { return nil }
            uses.add(1, ordering: .relaxed)
            return classifier.classify(Self.text(bytes))
        }
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

    /// Finds out once what texts there are.
    private func prepare() async {
        guard case .unread = state.withLock({ $0 }) else { return }
        await run { [self] in find(withTexts: false) }
    }

    /// On the queue alone, as everything that changes the state.
    /// - Parameter withTexts: whether they are needed themselves, and read again where they were let go of.
    private func find(withTexts: Bool) {
        let isDue =
            switch state.withLock({ $0 }) {
            case .unread: true
            case .resting: withTexts
            case .ready, .absent: false
            }
        guard isDue, let file else { return }
        let found = Self.read(file, andIndex: withTexts)
        state.withLock { $0 = found }
        // To read them takes several times what they then hold.
        FreedMemory.giveBack()
        if withTexts { rest(unlessUsedSince: uses.load(ordering: .relaxed)) }
    }

    /// Lets go of the texts once nobody has used them for a while.
    private func rest(unlessUsedSince count: Int) {
        queue.asyncAfter(deadline: .now() + Self.patience) { [weak self] in
            guard let self else { return }
            let now = uses.load(ordering: .relaxed)
            guard now == count else { return rest(unlessUsedSince: now) }
            state.withLock { state in
                if case .ready(let classifier) = state { state = .resting(version: classifier.version) }
            }
            FreedMemory.giveBack()
        }
    }

    /// - Parameter andIndex: whether there is a text to compare. What a start asks is answered without: to index them takes
    ///   most of the time, and as much memory as all else of a hub at rest.
    private static func read(_ file: String, andIndex: Bool) -> State {
        guard let data = FileManager.default.contents(atPath: file) else {
            return .absent("The licence texts '\(file)' cannot be read. \(remedy)")
        }
        do {
            let texts = try LicenseTexts(json: Array(data))
            return andIndex ? .ready(LicenseClassifier(texts)) : .resting(version: texts.version)
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
