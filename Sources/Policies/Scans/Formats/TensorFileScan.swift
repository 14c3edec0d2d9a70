/// Looks at the headers of safetensors and GGUF files, whose tensors need no look.
struct TensorFileScan {
    let session: ScanSession
    let region: ScanRegion
    let path: String

    /// - Returns: nil when the bytes do not begin as such a file.
    func safetensors() -> String? {
        let start = session.read(region, at: 0, count: 9)
        guard start.count == 9, start[8] == UInt8(ascii: "{"),
            let length = try? SafetensorsHeader.length(start, fileSize: nil)
        else { return nil }
        do throws(HeaderFault) {
            _ = try SafetensorsHeader.length(start, fileSize: region.count)
            let json = session.read(region, at: 8, count: Int(length))
            _ = try SafetensorsHeader(json[...], fileSize: region.count)
        } catch {
            session.note("safetensors", .suspicious, "safetensors.header", at: path, "has a header that \(error)")
        }
        return "safetensors"
    }

    /// Called for what begins with `GGUF`.
    func gguf() -> String {
        var parser = GGUFHeaderParser(fileSize: region.count)
        parser.keepsTemplates = true
        var offset: UInt64 = 0
        var requests = 0
        do throws(HeaderFault) {
            while true {
                requests += 1
                guard requests < 20_000, let place = Int64(exactly: offset) else {
                    throw HeaderFault("takes more steps to read than are taken for one file")
                }
                let bytes = session.read(region, at: place, count: 256 << 10)
                guard !bytes.isEmpty else { throw HeaderFault("goes on after the end of the file") }
                guard case .needs(let next) = try parser.take(bytes, at: offset) else { break }
                offset = next
            }
        } catch {
            session.note("gguf", .suspicious, "gguf.header", at: path, "has a header that \(error)")
        }
        for template in parser.templates {
            TemplateScan(session: session, place: template.key.isEmpty ? path : template.key).run(template.text)
        }
        if parser.hasLongTemplate {
            session.note("template", .unknown, "template.long", at: path, "has a template too long to look at")
        }
        return "gguf"
    }
}
