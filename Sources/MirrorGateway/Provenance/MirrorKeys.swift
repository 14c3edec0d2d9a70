import HubCore
import Policies

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The keys of a mirror: the one it signs with, and those it trusts.
struct MirrorKeys: Sendable {
    /// Nil: the hub's own signs.
    var signing: SigningKey?
    var trusted: [VerifyingKey] = []

    /// Bytes of a key file that are read.
    private static let maximumSize = 64 << 10
    /// Keys that one mirror may trust.
    private static let maximumKeys = 256

    /// Reads the key files that a mirror names.
    /// - Returns: the keys, and what is wrong with the files, each with its place.
    static func read(_ mirror: Mirror) -> (keys: MirrorKeys, problems: [String]) {
        var keys = MirrorKeys()
        var problems: [String] = []
        if let path = mirror.provenance?.signingKeyFile {
            do {
                keys.signing = try SigningKey(pem: try text(path))
            } catch {
                problems.append("\(mirror.location): error: signing-key: '\(path)': \(error.line)")
            }
        }
        for files in mirror.provenance?.requiredSignature?.trustedKeys ?? [] {
            let paths = paths(matching: files.pattern)
            if paths.isEmpty {
                problems.append("\(files.location): error: trustedKeys: there is no file '\(files.pattern)'")
            }
            for path in paths {
                do {
                    let key = try VerifyingKey(pem: try text(path))
                    if !keys.trusted.contains(key) { keys.trusted.append(key) }
                } catch {
                    problems.append("\(files.location): error: trustedKeys: '\(path)': \(error.line)")
                }
            }
        }
        if keys.trusted.count > maximumKeys {
            problems.append("\(mirror.location): error: trustedKeys: more than \(maximumKeys) keys")
        }
        return (keys, problems)
    }

    private static func text(_ path: String) throws(HubError) -> String {
        guard let data = FileManager.default.contents(atPath: path), data.count <= maximumSize,
            let text = String(validating: data, as: UTF8.self)
        else { throw HubError(.badRequest, "The file cannot be read as text.") }
        return text
    }

    private static func paths(matching pattern: String) -> [String] {
        guard let slash = pattern.lastIndex(of: "/") else { return [] }
        let folder = String(pattern[...slash])
        let name = String(pattern[pattern.index(after: slash)...])
        guard name.contains(where: { $0 == "*" || $0 == "?" }) else {
            return FileManager.default.fileExists(atPath: pattern) ? [pattern] : []
        }
        let wildcard = SimpleWildcard(name)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { !$0.hasPrefix(".") && wildcard.matches($0) }.sorted().map { folder + $0 }
    }
}
