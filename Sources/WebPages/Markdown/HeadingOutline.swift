/// Gives headings levels without gaps and ids of their own.
struct HeadingOutline {
    /// Of the highest heading.
    let firstLevel: Int
    /// What all ids start with.
    let prefix: String
    private(set) var headings: [MarkdownDocument.Heading] = []
    /// Levels as they were written, of the headings around the next one.
    private var path: [Int] = []
    private var ids: [String: Int] = [:]

    /// Headings that a table of contents takes.
    private static let most = 500

    init(firstLevel: Int, prefix: String) {
        self.firstLevel = firstLevel
        self.prefix = prefix
    }

    mutating func add(writtenLevel: Int, text: String) -> MarkdownDocument.Heading {
        while let last = path.last, last >= writtenLevel { path.removeLast() }
        path.append(writtenLevel)
        let heading = MarkdownDocument.Heading(
            level: min(6, firstLevel + path.count - 1), id: unique(Self.slug(text)), text: text)
        if headings.count < Self.most { headings.append(heading) }
        return heading
    }

    /// An id that is nobody else's, from what was written.
    mutating func unique(_ slug: String) -> String {
        let base = prefix + (slug.isEmpty ? "section" : slug)
        guard let count = ids[base] else {
            ids[base] = 0
            return base
        }
        var next = count
        var id: String
        repeat {
            next += 1
            id = "\(base)-\(next)"
        } while ids[id] != nil
        ids[base] = next
        ids[id] = 0
        return id
    }

    /// Whether an id was given out.
    func has(_ id: String) -> Bool { ids[id] != nil }

    /// As GitHub and Hugging Face name sections: letters and digits of all scripts in lower case, hyphens for spaces.
    static func slug(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) {
            let bytes = text.utf8.prefix(200).compactMap { byte -> UInt8? in
                switch byte {
                case 0x41...0x5A: byte | 0x20
                case 0x61...0x7A, 0x30...0x39, UInt8(ascii: "_"), UInt8(ascii: "-"): byte
                case 0x20, 0x0A: UInt8(ascii: "-")
                default: nil
                }
            }
            return String(decoding: bytes, as: UTF8.self)
        }
        var out = String.UnicodeScalarView()
        for scalar in text.lowercased().unicodeScalars.prefix(200) {
            if scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_" || scalar == "-"
                || scalar.properties.generalCategory == .nonspacingMark
            {
                out.append(scalar)
            } else if scalar == " " || scalar == "\u{3000}" || scalar == "\n" {
                out.append("-")
            }
        }
        return String(out)
    }
}
