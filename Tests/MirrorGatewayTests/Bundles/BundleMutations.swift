import Foundation
import HubCore

@testable import MirrorGateway

/// Ways to spoil a bundle: of each many, by a generator with a seed.
struct BundleMutations {
    let good: [UInt8]
    let loose: LooseBundle
    let other: [UInt8]
    let key: SigningKey
    private let stranger = SigningKey(.ed25519)
    private let strange = SigningKey(.p256)
    private var generator: SeededBits

    init(good: [UInt8], loose: LooseBundle, other: [UInt8], key: SigningKey, seed: UInt64) {
        self.good = good
        self.loose = loose
        self.other = other
        self.key = key
        generator = SeededBits(seed: seed)
    }

    /// What is done, and the bytes that come of it.
    mutating func next(_ number: Int) throws -> (what: String, bytes: [UInt8]) {
        switch number % 8 {
        case 0, 1: return try archive(number / 8)
        case 2: return flip()
        case 3: return try entry(number / 8)
        case 4, 5: return try signed(number / 8)
        case 6: return try envelope(number / 8)
        default: return try contents(number / 8)
        }
    }

    private mutating func random(_ range: Range<Int>) -> Int { Int.random(in: range, using: &generator) }

    private mutating func flip() -> (String, [UInt8]) {
        var bytes = good
        let place = random(0..<bytes.count)
        bytes[place] ^= 1 << UInt8(random(0..<8))
        return ("a bit of byte \(place) flipped", bytes)
    }

    /// The archive as a string of bytes.
    private mutating func archive(_ number: Int) throws -> (String, [UInt8]) {
        var bytes = good
        let place = random(1..<bytes.count)
        let block = place / TarEntry.block * TarEntry.block
        switch number % 7 {
        case 0: return ("cut off at \(place)", Array(bytes.prefix(place)))
        case 1: return ("a block missing at \(block)", Array(bytes[..<block] + bytes[min(block + 512, bytes.count)...]))
        case 2:
            bytes.insert(contentsOf: [UInt8](repeating: 0, count: 512), at: block)
            return ("an empty block at \(block)", bytes)
        case 3:
            return ("bytes behind the end", bytes + [UInt8](repeating: UInt8(random(0..<256)), count: random(1..<2048)))
        case 4:
            for index in place..<min(place + 64, bytes.count) { bytes[index] = UInt8(random(0..<256)) }
            if bytes == good { bytes[place] ^= 1 }
            return ("64 bytes of noise at \(place)", bytes)
        case 5: return ("another bundle's second half", Array(bytes.prefix(block) + other.dropFirst(block)))
        default: return ("the same bundle twice", bytes + bytes)
        }
    }

    /// One entry more, or another one than there should be.
    private mutating func entry(_ number: Int) throws -> (String, [UInt8]) {
        let body = Array(good.dropLast(TarEntry.end.count))
        let names = [
            "../../../etc/cron.d/weir", "/etc/passwd", "blobs/sha256/../../evil", "blobs/sha256/", "blobs",
            "hubpack/statement.dsse.json", "index.json", "oci-layout",
            "blobs/sha256/\(String(repeating: "A", count: 64))",
            "blobs/sha256/\(String(repeating: "f", count: 64))", "./index.json", "index.json\u{1}", "weir.db",
        ]
        let types: [UInt8] = Array("1234567gxLKSD".utf8)
        switch number % 3 {
        case 0:
            let name = names[number / 3 % names.count]
            return ("an extra entry '\(name)'", body + LooseBundle.entry(name, [1, 2, 3]) + TarEntry.end)
        case 1:
            let type = types[number / 3 % types.count]
            var header = TarEntry.header("blobs/sha256/link", size: 0)
            header[156] = type
            for (index, byte) in "../../../../etc/passwd".utf8.enumerated() { header[157 + index] = byte }
            return ("an extra entry of type \(type)", body + Self.summed(header) + TarEntry.end)
        default:
            // An entry that is there becomes something else.
            let starts = try Self.starts(good)
            let start = starts[random(0..<starts.count)]
            var header = Array(good[start..<start + 512])
            let type = types[number / 3 % types.count]
            if number / 3 % 2 == 0 {
                header[156] = type
            } else {
                let name = names[number / 3 % names.count].utf8
                for index in 0..<100 { header[index] = 0 }
                for (index, byte) in name.enumerated().prefix(100) { header[index] = byte }
            }
            header = Self.summed(header)
            if header == Array(good[start..<start + 512]) { header[0] = UInt8(ascii: "x") }
            return ("the entry at \(start) changed", Array(good[..<start] + header + good[(start + 512)...]))
        }
    }

    /// What a key says that nobody trusts, or a signature that is another's.
    private mutating func envelope(_ number: Int) throws -> (String, [UInt8]) {
        var loose = loose
        switch number % 8 {
        case 0: return ("signed by a stranger", try loose.encoded(signedBy: [stranger]))
        case 1: return ("signed by a stranger's P-256 key", try loose.encoded(signedBy: [strange]))
        case 2: return ("signed by two", try loose.encoded(signedBy: [key, stranger]))
        case 3: return ("not signed", try loose.encoded(signedBy: []))
        case 4:
            let id = key.publicKey.id
            return (
                "another key's id",
                try loose.encoded(signedBy: [key]) { $0.replacingOccurrences(of: id, with: stranger.publicKey.id) }
            )
        case 5: return ("white space in the envelope", try loose.encoded(signedBy: [key]) { " " + $0 })
        case 6:
            return (
                "an extra member", try loose.encoded(signedBy: [key]) { "{\"extra\":1," + $0.dropFirst() }
            )
        default:
            // The signature of one statement under another.
            let signed = String(decoding: try DSSEEnvelope(signing: [1], with: [key]).json, as: UTF8.self)
            let signature = signed.components(separatedBy: "\"sig\":\"").last?.prefix { $0 != "\"" } ?? ""
            loose.predicate.tombstones = []
            return (
                "a statement under another's signature",
                try loose.encoded(signedBy: [key]) { text in
                    let old = text.components(separatedBy: "\"sig\":\"").last?.prefix { $0 != "\"" } ?? ""
                    return text.replacingOccurrences(of: String(old), with: String(signature))
                }
            )
        }
    }

    /// What a trusted exporter would never say.
    private mutating func signed(_ number: Int) throws -> (String, [UInt8]) {
        var loose = loose
        var isAsIs = false
        let what: String
        switch number % 24 {
        case 0:
            loose.predicate.contains[random(0..<loose.predicate.contains.count)].size =
                [.max, .max - 511, 1 << 60, -1][
                    number / 24 % 4]
            (what, isAsIs) = ("a blob of impossible size", true)
        case 1:
            loose.predicate.contains[0].size = 1 << 45
            what = "a blob larger than the disk"
        case 2:
            loose.predicate.repos[0].id =
                ["../x", "a/../b", "acme", "/x/y", "acme/x.git", "api/x", "acme/\u{0}"][
                    number / 24 % 7]
            what = "a name that is none"
        case 3:
            loose.predicate.repos[0].kind = "elsewhere"
            what = "a kind that is none"
        case 4:
            loose.predicate.repos[0].refs[0].name =
                [
                    "refs/heads/../../x", "HEAD", "refs/hub/keep", "refs/heads/x.lock", "refs/pull/1", "refs/heads/ x",
                ][number / 24 % 6]
            what = "a ref that is none"
        case 5:
            loose.predicate.repos[0].refs[0].target = String(repeating: "1", count: 40)
            what = "a commit that is not there"
        case 6:
            loose.predicate.repos[0].refs[0].files[0].path += "x"
            what = "a file of another name"
        case 7:
            loose.predicate.repos[0].refs[0].files.removeLast()
            what = "a file less"
        case 8:
            for index in loose.predicate.repos[0].refs[0].files.indices {
                loose.predicate.repos[0].refs[0].files[index].size += 1
            }
            what = "files of another size"
        case 9:
            loose.predicate.repos.append(loose.predicate.repos[0])
            what = "a repository twice"
        case 10:
            loose.predicate.contains.append(loose.predicate.contains[0])
            (what, isAsIs) = ("a blob twice", true)
        case 11:
            loose.predicate.contains.swapAt(0, 1)
            (what, isAsIs) = ("blobs in another order", true)
        case 12:
            loose.predicate.contains[0].offset += 512
            (what, isAsIs) = ("a blob elsewhere", true)
        case 13:
            loose.predicate.seq = 0
            what = "an older number"
        case 14:
            loose.predicate.createdAt = "2001-01-01T00:00:00.000Z"
            what = "an older time"
        case 15:
            loose.predicate.createdAt = ["2999-01-01T00:00:00.000Z", "yesterday", ""][number / 24 % 3]
            what = "a time to come, or none"
        case 16:
            loose.predicate.expiresAt = ["2001-01-01T00:00:00.000Z", "never"][number / 24 % 2]
            what = "expired"
        case 17:
            loose.predicate.recipient = "somebody else"
            what = "for another site"
        case 18:
            loose.predicate.requires = [.init(digest: String(repeating: "a", count: 64), size: 1)]
            what = "a blob that is needed and not here"
        case 19:
            loose.predicate.tombstones = [
                .init(type: ["ref", "repository", "blob"][number / 24 % 3], subject: "model:acme/first", ref: "../x")
            ]
            what = "a tombstone that cannot be"
        case 20:
            loose.predicate.repos[0].prerequisites = [String(repeating: "2", count: 40)]
            what = "a commit that is needed and not here"
        case 21:
            loose.predicate.entries.reverse()
            what = "entries in another order"
        case 22:
            loose.predicate.parts = [.init(n: 1, sha256: String(repeating: "0", count: 64), size: 10)]
            what = "parts that do not fit"
        default:
            loose.predicate.repos[0].git = nil
            what = "no commits"
        }
        return (what, try loose.encoded(signedBy: [key], asIs: isAsIs))
    }

    /// Contents that are what the statement says, and not what they should be.
    private mutating func contents(_ number: Int) throws -> (String, [UInt8]) {
        var loose = loose
        let git = loose.predicate.repos[0].git ?? ""
        let pack = loose.blobs[git] ?? []
        let lfs = loose.predicate.contains.first { $0.role == "lfs" }?.digest ?? ""
        let what: String
        switch number % 7 {
        case 0:
            var spoilt = pack
            let place = random(0..<spoilt.count)
            spoilt[place] ^= UInt8(1 << random(0..<8))
            loose.replace(git, by: spoilt)
            what = "a bit of the commits flipped at \(place)"
        case 1:
            loose.replace(git, by: Array(pack.prefix(random(0..<pack.count))))
            what = "the commits cut off"
        case 2:
            loose.replace(git, by: (0..<random(1..<400)).map { _ in UInt8(random(0..<256)) })
            what = "noise for commits"
        case 3:
            loose.blobs[lfs]?[0] ^= 1
            what = "other bytes under a digest"
        case 4:
            loose.predicate.contains.removeAll { $0.digest == lfs }
            what = "a file without its bytes"
        case 5:
            let place = loose.predicate.contains.firstIndex { $0.digest == lfs } ?? 0
            loose.predicate.contains[place].role = ["git", "config", "other"][number / 7 % 3]
            what = "a file that is something else"
        default:
            loose.entries[random(0..<loose.entries.count)].bytes.append(0x20)
            what = "another index"
        }
        return (what, try loose.encoded(signedBy: [key]))
    }

    private static func summed(_ header: [UInt8]) -> [UInt8] {
        var header = header
        for index in 148..<156 { header[index] = 0x20 }
        let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
        let digits = Array((String(repeating: "0", count: max(0, 6 - sum.count)) + sum).utf8)
        for (index, byte) in (digits + [0, 0x20]).enumerated() { header[148 + index] = byte }
        return header
    }

    /// Where entries begin.
    private static func starts(_ archive: [UInt8]) throws -> [Int] {
        var starts: [Int] = []
        var place = 0
        while place + 512 <= archive.count, archive[place] != 0 {
            starts.append(place)
            let size = TarEntry.size(in: Array(archive[place..<place + 512])) ?? 0
            place += 512 + Int(size) + TarEntry.padding(size).count
        }
        return starts
    }
}

/// Random numbers that are the same each time.
struct SeededBits: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
