/// Tells program text by its name or its first line.
enum SourceCode {
    private static let endings: [(ending: String, kind: String)] = [
        (".py", "Python"), (".pyw", "Python"), (".pyx", "Python"),
        (".sh", "a shell script"), (".bash", "a shell script"), (".zsh", "a shell script"), (".fish", "a shell script"),
        (".bat", "a batch file"), (".cmd", "a batch file"), (".ps1", "PowerShell"), (".js", "JavaScript"),
        (".mjs", "JavaScript"), (".rb", "Ruby"), (".pl", "Perl"), (".lua", "Lua"), (".php", "PHP"), (".cu", "CUDA"),
        (".vbs", "Visual Basic"), (".r", "R"), (".jl", "Julia"),
    ]

    static func kind(of bytes: [UInt8]) -> String? {
        if bytes.starts(with: "#!/".utf8) || bytes.starts(with: "#! /".utf8) { return "a script" }
        return bytes.starts(with: "<?php".utf8) ? "PHP" : nil
    }

    static func kind(ofName name: String) -> String? {
        let lower = name.lowercased()

        return endings.first { lower.hasSuffix($0.ending) }?.kind
    }
}
