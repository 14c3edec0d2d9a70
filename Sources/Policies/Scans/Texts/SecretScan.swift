/// Finds credentials in text: by the prefixes with which their issuers mark them, so that little else is taken for one.
struct SecretScan {
    let session: ScanSession
    let path: String

    private struct Kind {
        let prefix: [UInt8]
        let name: String
        /// How many of the characters have to follow.
        let length: ClosedRange<Int>
        let alphabet: Alphabet

        init(_ prefix: String, _ name: String, _ length: ClosedRange<Int>, _ alphabet: Alphabet) {
            self.prefix = Array(prefix.utf8)
            self.name = name
            self.length = length
            self.alphabet = alphabet
        }
    }

    private enum Alphabet {
        case upper, letters, base64

        func holds(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x30...0x39, 0x41...0x5A: true
            case 0x61...0x7A: self != .upper
            case UInt8(ascii: "_"), UInt8(ascii: "-"): self == .base64
            default: false
            }
        }
    }

    private static let kinds = [
        Kind("AKIA", "a key of Amazon Web Services", 16...16, .upper),
        Kind("ASIA", "a key of Amazon Web Services", 16...16, .upper),
        Kind("ghp_", "a token of GitHub", 36...36, .letters), Kind("gho_", "a token of GitHub", 36...36, .letters),
        Kind("ghs_", "a token of GitHub", 36...36, .letters), Kind("ghu_", "a token of GitHub", 36...36, .letters),
        Kind("github_pat_", "a token of GitHub", 60...120, .base64),
        Kind("glpat-", "a token of GitLab", 20...64, .base64),
        Kind("hf_", "a token of Hugging Face", 34...37, .letters),
        Kind("sk-proj-", "a key of OpenAI", 40...220, .base64),
        Kind("sk-ant-", "a key of Anthropic", 40...220, .base64),
        Kind("sk-", "a key of OpenAI", 48...48, .letters), Kind("xoxb-", "a token of Slack", 24...100, .base64),
        Kind("xoxp-", "a token of Slack", 24...100, .base64), Kind("xoxa-", "a token of Slack", 24...100, .base64),
        Kind("AIza", "a key of Google", 35...35, .base64), Kind("npm_", "a token of npm", 36...36, .letters),
        Kind("pypi-AgEIcHlwaS5vcmc", "a token of PyPI", 50...400, .base64),
        Kind("sk_live_", "a key of Stripe", 24...100, .letters),
        Kind("dckr_pat_", "a token of Docker", 27...27, .base64),
    ]

    private static let search = NeedleSearch(kinds.map(\.prefix) + [Array("-----BEGIN ".utf8)])

    func run(_ bytes: [UInt8]) {
        for (offset, needle) in Self.search.hits(in: bytes, limit: bytes.count) {
            if needle == Self.kinds.count {
                privateKey(bytes, at: offset)
                continue
            }
            // Longer prefixes come first in the list, so that the first that fits is the right one.
            for kind in Self.kinds[needle...] where bytes[offset...].starts(with: kind.prefix) {
                if isToken(bytes, at: offset, kind) {
                    note(bytes, at: offset, "secrets.token", "has what looks like \(kind.name)")
                    break
                }
            }
        }
    }

    private func isToken(_ bytes: [UInt8], at offset: Int, _ kind: Kind) -> Bool {
        // Within a word it is part of something longer.
        if offset > 0, Alphabet.base64.holds(bytes[offset - 1]) { return false }
        let start = offset + kind.prefix.count
        var end = start
        while end < bytes.count, kind.alphabet.holds(bytes[end]), end - start <= kind.length.upperBound { end += 1 }
        guard kind.length.contains(end - start) else { return false }
        if end < bytes.count, Alphabet.letters.holds(bytes[end]) { return false }
        let token = bytes[start..<end]
        // Placeholders repeat few characters, or are words.
        guard Set(token).count >= min(10, kind.length.lowerBound / 2 + 2) else { return false }
        let text = String(decoding: token, as: UTF8.self).uppercased()
        guard !["EXAMPLE", "XXXX", "YOUR", "TOKEN", "ABCDEFGH", "12345678"].contains(where: text.contains) else {
            return false
        }
        let digits = token.count { (0x30...0x39).contains($0) }
        return digits > 0
    }

    private func privateKey(_ bytes: [UInt8], at offset: Int) {
        let line = bytes[offset...].prefix(200).prefix { $0 != 0x0A && $0 != 0x5C }
        let text = String(decoding: line, as: UTF8.self)
        guard text.contains("PRIVATE KEY-----"), !text.contains("PUBLIC") else { return }
        // A key follows, not three dots.
        let body = bytes[(offset + line.count)...].prefix(400)
        guard body.count(where: { Alphabet.letters.holds($0) }) >= 100 else { return }
        note(bytes, at: offset, "secrets.private-key", "has a private key")
    }

    private func note(_ bytes: [UInt8], at offset: Int, _ code: String, _ text: String) {
        let line = bytes[..<offset].count { $0 == 0x0A } + 1
        session.note("secrets", .suspicious, code, at: path.isEmpty ? "\(line)" : "\(path):\(line)", text)
    }
}
