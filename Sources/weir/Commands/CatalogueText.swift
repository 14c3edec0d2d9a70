import HubCore
import HubServer
import MirrorGateway
import Policies

/// The catalogue as people read it on a terminal.
enum CatalogueText {
    static let headings = ["KIND", "NAME", "STATE", "HERE", "LICENCE", "TASK", "DOWNLOADS", "UPDATED", "TITLE"]
    static let sourceHeadings = ["UPSTREAM", "PHASE", "ENTRIES", "DESCRIBED", "GONE", "RESTRICTED", "AGE", "NOTE"]

    static func row(_ entry: RemoteEntry) -> [String] {
        let description = entry.description
        return [
            entry.kind.rawValue, entry.path, entry.state.rawValue, entry.local?.word ?? "-",
            description.licenses.joined(separator: ", "), description.task ?? "",
            description.downloads.map(String.init) ?? "", day(description.updatedAt), line(description.title ?? ""),
        ]
    }

    static func row(_ source: CatalogueSource, now: Int64) -> [String] {
        let note =
            source.waitsFor ?? source.failure ?? (source.isBounded ? "has more, which is found by searching" : "")
        return [
            "\(source.mirror).\(source.upstream)", source.phase.rawValue, "\(source.entries)", "\(source.described)",
            "\(source.gone)", "\(source.restricted)",
            source.readAt.map { "\(max(0, (now - $0) / 1_000)) s" } ?? "never",
            line(note),
        ]
    }

    static func lines(_ entry: RemoteEntry, _ browser: CatalogueBrowser?) -> [String] {
        let description = entry.description
        var lines = ["\(entry.kind.rawValue):\(entry.path) at \(entry.mirror).\(entry.upstream)"]
        func add(_ name: String, _ text: String?) {
            if let text, !text.isEmpty { lines.append("\(name): \(line(text))") }
        }
        add("state", entry.state.rawValue + (entry.stateReason.map { " since \(day(entry.stateSince)): \($0)" } ?? ""))
        add("name here", browser?.localName(of: entry)?.path ?? entry.local?.repository.path)
        if let local = entry.local {
            let changes = local.changesBehind.map { ", \($0) changes" } ?? ""
            add("here", local.word + (local.behindSince.map { " since \(day($0))\(changes)" } ?? ""))
        } else {
            add("here", "nothing")
        }
        add("policy", browser?.decision(on: entry, user: nil)?.explanation)
        add("title", description.title)
        add("summary", description.summary)
        add("licence", description.licenses.joined(separator: ", "))
        add("task", description.task)
        add("library", description.library)
        add("languages", description.languages.joined(separator: ", "))
        add("tags", description.tags.joined(separator: ", "))
        add("downloads", description.downloads.map(String.init))
        add("parameters", description.parameters.map(String.init))
        add("size", description.totalSize.map { ByteCount($0).description })
        add("commit", description.commit?.hex)
        add("updated", description.updatedAt.map { JSONDate.text(milliseconds: $0) })
        add("described", entry.describedAt.map { JSONDate.text(milliseconds: $0) } ?? "not yet")
        return lines
    }

    /// Columns as wide as what stands in them; the last is cut by nothing.
    static func table(_ headings: [String], _ rows: [[String]]) -> [String] {
        var widths = headings.map(width)
        for row in rows { for (index, cell) in row.enumerated() { widths[index] = max(widths[index], width(cell)) } }
        return ([headings] + rows).map { row in
            var line = ""
            for (index, cell) in row.enumerated() {
                line += cell
                if index < row.count - 1 { line += String(repeating: " ", count: widths[index] - width(cell) + 2) }
            }
            return line
        }
    }

    /// Columns that a text takes on a terminal: Chinese and its like take two.
    private static func width(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x1100 && isWide($1.value) ? 2 : 1) }
    }

    private static func isWide(_ value: UInt32) -> Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x20000...0x3FFFF:
            true
        default: false
        }
    }

    /// What an upstream wrote, on one line and without what steers a terminal.
    private static func line(_ text: String) -> String {
        String(text.prefix(400)).onOneLine
    }

    private static func day(_ milliseconds: Int64?) -> String {
        milliseconds.map { String(JSONDate.text(milliseconds: $0).prefix(10)) } ?? ""
    }
}
