import Testing

@testable import Policies

@Suite("A revision is looked at as a whole")
struct RevisionScannerTests {
    private func codes(_ entries: RevisionEntry...) -> [String] { RevisionScanner().findings(in: entries).map(\.code) }

    @Test("an ordinary revision has nothing to be noted")
    func ordinary() {
        #expect(
            codes(
                RevisionEntry(path: "config.json", text: #"{"architectures": ["LlamaForCausalLM"], "x": NaN}"#),
                RevisionEntry(path: "model.safetensors"), RevisionEntry(path: "data/读我.md"),
                RevisionEntry(path: "data/link", kind: .link(target: "../model.safetensors")),
                RevisionEntry(path: "chat_template.jinja", text: "{% for m in messages %}{{ m.content }}{% endfor %}"),
                RevisionEntry(path: "model_index.json", text: #"{"_class_name": "P", "unet": ["diffusers", "UNet"]}"#),
                RevisionEntry(path: ".gitattributes")
            ).isEmpty)
    }

    @Test("code is named by configurations, and is there by itself")
    func code() {
        #expect(codes(RevisionEntry(path: "modeling_x.py")) == ["remote-code.source"])
        #expect(
            codes(RevisionEntry(path: "a/config.json", text: #"{"auto\u005fmap": {"AutoModel": "m.N"}}"#))
                == ["remote-code.auto-map"])
        #expect(codes(RevisionEntry(path: "tokenizer_config.json", text: #"{"a": "#)) == ["json.broken"])
        #expect(
            codes(RevisionEntry(path: "model_index.json", text: #"{"unet": ["my_pipeline", "Net"]}"#))
                == ["remote-code.pipeline"])
        #expect(
            codes(RevisionEntry(path: "modules.json", text: #"[{"type": "custom.Pooling"}]"#)) == ["remote-code.module"]
        )
        #expect(
            codes(RevisionEntry(path: "tokenizer_config.json", text: #"{"chat_template": "{{ x.__class__ }}"}"#))
                == ["template.code"])
    }

    @Test("links that leave the repository are dangerous, and so is what lies behind any")
    func links() {
        for target in ["/etc/passwd", "../x", "a/../../x", "..\\x", "C:/x"] {
            let findings = RevisionScanner().findings(in: [RevisionEntry(path: "l", kind: .link(target: target))])
            #expect(findings.map(\.verdict) == [.dangerous], "\(target)")
        }
        #expect(
            codes(RevisionEntry(path: "a", kind: .link(target: "b")), RevisionEntry(path: "a/x")) == ["symlink.through"]
        )
    }

    @Test("names that hide or are one elsewhere are noticed")
    func names() {
        for path in [
            "a\u{202E}gpj.exe", "a\u{200B}b", "x.", "x ", "con", "COM1.txt", ".GIT/config", "a\\b", "a//b", "a/../b",
        ] {
            #expect(codes(RevisionEntry(path: path)).contains("path.name"), "\(path)")
        }
        #expect(codes(RevisionEntry(path: "Model.bin"), RevisionEntry(path: "model.bin")) == ["path.collision"])
        #expect(codes(RevisionEntry(path: "caf\u{E9}"), RevisionEntry(path: "cafe\u{301}")) == ["path.collision"])
    }

    @Test("names of files are asked for once the content is known")
    func nameFindings() {
        #expect(FileScanner.nameFindings(name: "a.py", format: "text").map(\.code) == ["remote-code.source"])
        #expect(FileScanner.nameFindings(name: "a.safetensors", format: "pickle").map(\.verdict) == [.suspicious])
        #expect(FileScanner.nameFindings(name: "a.safetensors", format: "safetensors").isEmpty)
        #expect(FileScanner.nameFindings(name: "README.md", format: "text").isEmpty)
    }
}
