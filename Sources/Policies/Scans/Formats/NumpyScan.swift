/// Looks at a NumPy array: numbers are left alone, objects are a pickle.
struct NumpyScan {
    let session: ScanSession
    let region: ScanRegion
    let path: String

    func format() -> String {
        do throws(ScanStop) {
            let header = try NumpyHeader(session, region)
            let data = region.slice(from: header.data)
            guard header.hasObjects else {
                guard let size = header.size else { throw .fault("has elements whose size is not known") }
                if size != data.count {
                    note(
                        .unknown, "npy.size",
                        size < data.count
                            ? "goes on for \(data.count - size) bytes after its elements"
                            : "ends before its elements do")
                }
                return "npy"
            }
            if PickleScan(session: session, region: data, path: path).format(expecting: .named) == nil {
                note(.suspicious, "npy.objects", "has objects that are no pickle")
            }
        } catch {
            note(.unknown, "npy.broken", PickleScan.text(error))
            let rest = region.slice(from: 10)
            SignatureSearch(session: session, region: rest, path: path).run()
        }
        return "npy"
    }

    private func note(_ verdict: ScanVerdict, _ code: String, _ text: String) {
        session.note("pickle", verdict, code, at: path, text)
    }
}
