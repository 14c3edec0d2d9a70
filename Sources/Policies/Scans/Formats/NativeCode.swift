/// Tells programs and libraries by their beginning.
enum NativeCode {
    static func kind(_ head: [UInt8]) -> String? {
        guard head.count >= 16 else { return nil }
        if head.starts(with: [0x7F, 0x45, 0x4C, 0x46]) { return "a program or library for Unix" }
        if head.starts(with: [0x4D, 0x5A]), head.count >= 64 {
            let place = Int(min(ZipEntry.word(head, 60), 1 << 20))
            if place + 4 > head.count || head[place...].starts(with: [0x50, 0x45, 0, 0]) {
                return "a program for Windows"
            }
        }
        let machO: [[UInt8]] = [
            [0xFE, 0xED, 0xFA, 0xCE], [0xFE, 0xED, 0xFA, 0xCF], [0xCE, 0xFA, 0xED, 0xFE], [0xCF, 0xFA, 0xED, 0xFE],
        ]
        if machO.contains(where: { head.starts(with: $0) }) { return "a program or library for macOS" }
        if head.starts(with: [0xCA, 0xFE, 0xBA, 0xBE]) { return "a class of Java, or a program for macOS" }
        if head.starts(with: [0x00, 0x61, 0x73, 0x6D]) { return "WebAssembly" }
        if head.starts(with: "dex\n".utf8) { return "a program for Android" }
        // Compiled Python: a version, the line end, and flags.
        if head[2] == 0x0D, head[3] == 0x0A, head[1] >= 0x0C, head[1] <= 0x0F, head[4] <= 3,
            head[5...7].allSatisfy({ $0 == 0 })
        {
            return "compiled Python"
        }
        return nil
    }
}
