/// Looks in bytes of which nothing is known for what only pickles with code have.
///
/// It finds what nobody took pains to hide, and can only make worse what is unknown anyway.
struct SignatureSearch {
    let session: ScanSession
    let region: ScanRegion
    let path: String

    private static let maximumFindings = 5

    private static let signatures: [(bytes: [UInt8], name: String)] = {
        let names = [
            ("os", "system"), ("os", "popen"), ("posix", "system"), ("posix", "popen"), ("nt", "system"),
            ("subprocess", "Popen"), ("subprocess", "run"), ("subprocess", "call"), ("subprocess", "check_output"),
            ("builtins", "eval"), ("builtins", "exec"), ("builtins", "compile"), ("builtins", "getattr"),
            ("builtins", "__import__"), ("__builtin__", "eval"), ("__builtin__", "exec"), ("__builtin__", "compile"),
            ("__builtin__", "getattr"), ("__builtin__", "__import__"), ("importlib", "import_module"),
            ("runpy", "_run_code"), ("runpy", "run_path"), ("webbrowser", "open"), ("pty", "spawn"),
        ]
        var all: [(bytes: [UInt8], name: String)] = []
        for (module, name) in names {
            let shown = "\(module).\(name)"
            all.append((Array("c\(module)\n\(name)\n".utf8), shown))
            all.append((Array("i\(module)\n\(name)\n".utf8), shown))
            let (first, second) = (Array(module.utf8), Array(name.utf8))
            for memoize in [[UInt8](), [0x94]] {
                all.append(
                    (
                        [0x8C, UInt8(truncatingIfNeeded: first.count)] + first + memoize
                            + [0x8C, UInt8(truncatingIfNeeded: second.count)] + second, shown
                    ))
            }
        }
        return all
    }()

    private static let search = NeedleSearch(signatures.map(\.bytes))

    func run() {
        var found = 0
        Self.search.run(session, region) { offset, needle in
            found += 1
            session.note(
                "pickle", .dangerous, "pickle.embedded", at: path.isEmpty ? "\(offset)" : "\(path):\(offset)",
                "has what reads as an import of \(Self.signatures[needle].name)")
            return found < Self.maximumFindings
        }
    }
}
