extension XetHash {
    private static let dataKey = XetHash(
        words: SIMD4(0xDE50_955B_77F5_9766, 0x1C18_97A5_ACCB_3531, 0x582B_EB9B_1021_E49D, 0x29F2_AD93_4BB0_D0B4))
    private static let verificationKey = XetHash(
        words: SIMD4(0x66ED_56CE_D657_187F, 0xF3C3_A5E7_13F9_7F12, 0xE649_DBB5_D526_CDA4, 0xC394_FB28_7F98_2441))

    /// The name of a chunk with these bytes.
    package init(chunk bytes: [UInt8]) {
        self = BLAKE3.hash(bytes, key: Self.dataKey)
    }

    /// The hash by which a term shows that its author knows the chunks of its range, and not just a xorb's name.
    package init(termOf chunks: some Sequence<XetHash>) {
        var hash = BLAKE3(key: Self.verificationKey)
        for chunk in chunks { hash.update(chunk.bytes) }
        self = hash.finalize()
    }
}
