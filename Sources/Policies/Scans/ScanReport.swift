/// What scans make of a file. Ordered: the later one wins when verdicts are joined.
package enum ScanVerdict: String, Sendable, Hashable, Comparable, CaseIterable, Codable {
    /// Everything in it was understood and nothing of it runs code.
    case clean
    /// Nobody looked, or it could not be understood: never the same as clean.
    case unknown
    /// Something in it may run code that nobody vouches for.
    case suspicious
    /// Something in it runs code.
    case dangerous

    private var rank: Int {
        switch self {
        case .clean: 0
        case .unknown: 1
        case .suspicious: 2
        case .dangerous: 3
        }
    }

    package static func < (left: ScanVerdict, right: ScanVerdict) -> Bool { left.rank < right.rank }
}

/// One thing that a scan noticed.
package struct ScanFinding: Sendable, Hashable, Codable {
    /// Who noticed it: `pickle`, `safetensors`, `gguf`, `onnx`, `keras`, `parquet`, `remote-code`, `template`,
    /// `secrets`, `symlink`, `container`, `malware`, `upstream`.
    package let scanner: String
    package let verdict: ScanVerdict
    /// What it is, in a closed set, as `pickle.global`.
    package let code: String
    /// Where in the file: `archive/data.pkl:120`, a line, or empty.
    package let place: String
    /// For people: `imports os.system, which runs commands`.
    package let text: String

    package init(scanner: String, verdict: ScanVerdict, code: String, place: String, text: String) {
        self.scanner = scanner
        self.verdict = verdict
        self.code = code
        self.place = place
        self.text = text
    }
}

/// What is known of one blob after it was scanned.
package struct ScanReport: Sendable, Hashable, Codable {
    /// Grows whenever the scanners would say something else about the same bytes.
    package static let currentVersion = 1

    package let version: Int
    /// What the bytes are, by their content: `pickle`, `zip`, `safetensors`, `gguf`, `text`, `unknown`, …
    package let format: String
    /// The worst of the findings; `unknown` when nobody could tell.
    package let verdict: ScanVerdict
    package let findings: [ScanFinding]

    package init(version: Int = Self.currentVersion, format: String, verdict: ScanVerdict, findings: [ScanFinding]) {
        self.version = version
        self.format = format
        self.verdict = verdict
        self.findings = findings
    }
}

/// Bytes that can be read at any place, as scans need them: a stored blob, an object of git, or a test's bytes.
package protocol ScanSource {
    /// Bytes in all.
    var size: Int64 { get }
    /// The bytes from a place on; fewer only at the end.
    mutating func read(at offset: Int64, count: Int) throws -> [UInt8]
}
