/// The rest of the SPDX licence list (3.29.0), by what is known of the terms. The identifiers are known without the texts;
/// of those under `no-information` nobody here has read the terms, and policies see them as they see `other`.
enum SPDXIdentifiers {
    static let byFlags: [(flags: Set<LicenseFlag>, ids: String)] = [
        (
            [],
            """
            ANTLR-PD-fallback CC-PDM-1.0 NCBI-PD NIST-PD-fallback NIST-PD-TNT NTIA-PD SAX-PD-2.0 \
            Unlicense-libtelnet Unlicense-libwhirlpool
            """
        ),
        (
            [.attribution],
            """
            Adobe-2006 Adobe-Display-PostScript Adobe-Glyph Adobe-Utopia AML AML-glslang AMPAS Artistic-1.0-cl8 \
            Artistic-1.0-Perl Artistic-dist ASWF-Digital-Assets-1.0 ASWF-Digital-Assets-1.1 \
            bcrypt-Solar-Designer Bitstream-Charter Bitstream-Vera Boehm-GC Boehm-GC-without-fee \
            Brian-Gladman-2-Clause Brian-Gladman-3-Clause Brian-Gladman-3-Clause-no-conversion \
            BSD-2-Clause-Darwin BSD-2-Clause-first-lines BSD-2-Clause-pkgconf-disclaimer \
            BSD-2-Clause-pos-unchanged BSD-3-Clause-acpica BSD-3-Clause-flex BSD-3-Clause-HP \
            BSD-3-Clause-Modification BSD-3-Clause-No-Nuclear-License-2014 BSD-3-Clause-No-Nuclear-Warranty \
            BSD-3-Clause-Open-MPI BSD-3-Clause-Sun BSD-3-Clause-Tso BSD-4-Clause-Shortened BSD-4.3RENO \
            BSD-4.3TAHOE BSD-Advertising-Acknowledgement BSD-ask-to-endorse BSD-Attribution-HPND-disclaimer \
            BSD-Inferno-Nettverk BSD-Mark-Modifications BSD-Source-alt-GPL BSD-Source-beginning-file \
            BSD-Source-Code-no-disclaimer BSD-Systemics BSD-Systemics-W3Works CERN-OHL-P-2.0 CMU-Mach \
            CMU-Mach-nodoc CNRI-Jython CNRI-Python-GPL-Compatible DocBook-DTD DocBook-Schema DocBook-Stylesheet \
            DocBook-XML DRL-1.0 DRL-1.1 EFL-1.0 Entessa ESA-PL-permissive-2.4 FSFAP-no-warranty-disclaimer FSFUL \
            FSFULLR FSFULLRSD FSFULLRWD GL2PS gnuplot HDF5 HPND-DEC HPND-doc HPND-doc-sell HPND-export-US \
            HPND-export-US-acknowledgement HPND-export-US-modify HPND-export2-US HPND-Fenneberg-Livingston \
            HPND-INRIA-IMAG HPND-Intel HPND-Kevlin-Henney HPND-Markus-Kuhn HPND-merchantability-variant \
            HPND-MIT-disclaimer HPND-Netrek HPND-Pbmplus HPND-sell-MIT-disclaimer-xserver HPND-sell-regexpr \
            HPND-sell-variant HPND-sell-variant-critical-systems HPND-sell-variant-MIT-disclaimer \
            HPND-sell-variant-MIT-disclaimer-rev HPND-SMC HPND-UC HPND-UC-export-US HTMLTIDY Info-ZIP Intel-ACPI \
            ISC-Veillard Latex2e Latex2e-translated-notice libpng-1.6.35 LiLiQ-P-1.1 LPL-1.0 LPL-1.02 \
            Lucida-Bitmap-Fonts LZMA-SDK-9.11-to-9.20 LZMA-SDK-9.22 Mackerras-3-Clause \
            Mackerras-3-Clause-acknowledgment Minpack MIT-Click MIT-enna MIT-feh MIT-Festival MIT-Khronos-old \
            MIT-open-group MIT-STK MIT-testregex MIT-Wu MITNFA mpich2 MTLL NAIST-2003 Net-SNMP NetCDF NRL NTP-0 \
            OFL-1.0-no-RFN OFL-1.0-RFN OFL-1.1-no-RFN OFL-1.1-RFN OLDAP-1.1 OLDAP-1.2 OLDAP-1.3 OLDAP-1.4 \
            OLDAP-2.0 OLDAP-2.0.1 OLDAP-2.1 OLDAP-2.2 OLDAP-2.2.1 OLDAP-2.2.2 OLDAP-2.3 OLDAP-2.4 OLDAP-2.5 \
            OLDAP-2.6 OLDAP-2.7 OpenSSL-standalone OPL-UK-3.0 Pixar Plexus Python-2.0.1 Qhull Ruby-pty \
            Sendmail-Open-Source-1.1 SGI-B-1.0 SGI-B-1.1 SHL-0.5 SHL-0.51 SMLNJ Spencer-86 Spencer-94 Spencer-99 \
            SSH-OpenSSH SSH-short SSLeay-standalone Sun-PPP Sun-PPP-2000 TermReadKey TU-Berlin-1.0 TU-Berlin-2.0 \
            UCAR UCL-1.0 Unicode-DFS-2015 Vixie-Cron W3C-19980720 W3C-20150513 WordNet \
            X11-distribute-modifications-variant X11-no-permit-persons X11-swapped Xerox XFree86-1.1 Zend-2.0 \
            zlib-acknowledgement ZPL-1.1
            """
        ),
        (
            [.attribution, .weakCopyleft],
            """
            APL-1.0 APSL-1.0 APSL-1.1 APSL-1.2 BitTorrent-1.0 BitTorrent-1.1 CATOSL-1.1 CUA-OPL-1.0 ErlPL-1.1 \
            ESA-PL-weak-copyleft-2.4 gSOAP-1.3b Interbase-1.0 LiLiQ-R-1.1 MMPL-1.0.1 Motosoto NOSL NPL-1.0 \
            NPL-1.1 OCCT-PL OSET-PL-2.1 RHeCos-1.1 RPSL-1.0 RSCPL SISSL SISSL-1.2 Watcom-1.0 YPL-1.0 YPL-1.1 \
            Zimbra-1.3 Zimbra-1.4
            """
        ),
        (
            [.attribution, .strongCopyleft],
            """
            BSD-Protection CECILL-1.0 CECILL-1.1 CERN-OHL-1.1 CERN-OHL-1.2 copyleft-next-0.3.0 D-FSL-1.0 \
            ESA-PL-strong-copyleft-2.4 LiLiQ-Rplus-1.1 QPL-1.0-INRIA-2004 SimPL-2.0 SMAIL-GPL TGPPL-1.0
            """
        ),
        (
            [.attribution, .strongCopyleft, .networkCopyleft],
            """
            CAL-1.0 CAL-1.0-Combined-Work-Exception NPOSL-3.0 Parity-6.0.0 Parity-7.0.0 RPL-1.1
            """
        ),
        (
            [.attribution, .shareAlike],
            """
            CC-SA-1.0 GFDL-1.1-invariants-only GFDL-1.1-invariants-or-later GFDL-1.1-no-invariants-only \
            GFDL-1.1-no-invariants-or-later GFDL-1.2-invariants-only GFDL-1.2-invariants-or-later \
            GFDL-1.2-no-invariants-only GFDL-1.2-no-invariants-or-later GFDL-1.3-invariants-only \
            GFDL-1.3-invariants-or-later GFDL-1.3-no-invariants-only GFDL-1.3-no-invariants-or-later LAL-1.2 \
            LAL-1.3 Linux-man-pages-copyleft Linux-man-pages-copyleft-2-para Linux-man-pages-copyleft-var
            """
        ),
        (
            [.attribution, .nonCommercial],
            """
            Aladdin PPL
            """
        ),
        (
            [.attribution, .useRestrictions],
            """
            BSD-3-Clause-No-Military-License FSL-1.1-ALv2 FSL-1.1-MIT Hippocratic-3.0-core MS-LPL SUL-1.0 UnRAR
            """
        ),
        (
            [.attribution, .naming, .userCap],
            """
            BSD-3-Clause-OpenWebUI
            """
        ),
        (
            [.attribution],
            """
            CC-BY-2.5-AU CC-BY-3.0-AT CC-BY-3.0-AU CC-BY-3.0-DE CC-BY-3.0-IGO CC-BY-3.0-NL CC-BY-3.0-US
            """
        ),
        (
            [.attribution, .nonCommercial],
            """
            CC-BY-NC-3.0-DE CC-BY-NC-3.0-IGO
            """
        ),
        (
            [.attribution, .nonCommercial, .noDerivatives],
            """
            CC-BY-NC-ND-3.0-DE CC-BY-NC-ND-3.0-IGO
            """
        ),
        (
            [.attribution, .nonCommercial, .shareAlike],
            """
            CC-BY-NC-SA-2.0-DE CC-BY-NC-SA-2.0-FR CC-BY-NC-SA-2.0-UK CC-BY-NC-SA-3.0-DE CC-BY-NC-SA-3.0-IGO
            """
        ),
        (
            [.attribution, .noDerivatives],
            """
            CC-BY-ND-3.0-DE
            """
        ),
        (
            [.attribution, .shareAlike],
            """
            CC-BY-SA-2.0-UK CC-BY-SA-2.1-JP CC-BY-SA-3.0-AT CC-BY-SA-3.0-DE CC-BY-SA-3.0-IGO
            """
        ),
        (
            [.noInformation],
            """
            3D-Slicer-1.0 Abstyles AdaCore-doc ADSL Advanced-Cryptics-Dictionary Afmparse ALGLIB-Documentation \
            AMD-newlib AMDPLPA any-OSI any-OSI-perl-modules APAFML App-s2p Arphic-1999 Aspell-RU atc-game \
            Baekmuk Bahyph Barr BOLA-1.1 Borceux Buddy Bugroff Caldera Caldera-no-preamble CAPEC-tou Catharon \
            CDL-1.0 CFITSIO check-cvs checkmk ClArtistic Clips COIL-1.0 Community-Spec-1.0 Condor-1.1 \
            Cornell-Lossless-JPEG CPOL-1.02 Cronyx Crossword CryptoSwift CrystalStacker Cube cve-tou \
            DEC-3-Clause diffmark DOC Dotseqn DSDP dtoa dvipdfm eGenix EPICS Eurosym FBM FDK-AAC FDK-MPEG-H \
            Ferguson-Twofish Frameworx-1.0 FreeBSD-DOC FreeImage Furuseth fwlw Game-Programming-Gems GCR-docs GD \
            generic-xts Giftware Glide Glulxe GLWTPL Graphics-Gems gtkbook Gutmann HaskellReport hdparm HIDAPI \
            HP-1986 HP-1989 hyphen-bulgarian IBM-pibs IEC-Code-Components-EULA IJG-short iMatix Imlib2 \
            Informatica Inner-Net-2.0 InnoSetup IPA ISO-permission Jam JasPer-2.0 jove JPL-image JPNIC Kastrup \
            Kazlib Knuth-CTAN Leptonica libselinux-1.0 libutil-David-Nugent Linux-man-pages-1-para Linux-OpenIB \
            LOOP LPD-document lsof magaz mailprio MakeIndex man2html Martin-Birgmeier McPhee-slideshow metamail \
            MIPS MMIXware MPEG-SSG mpi-permissive mplus Multics Mup MVT-1.1 NBPL-1.0 NCL Newsletr NGPL ngrep \
            NICTA-1.0 NLPL Nokia Noweb Nunit OAR OCLC-2.0 OFFIS OGC-1.0 OGDL-Taiwan-1.0 OGTSL OLFL-1.3 OML \
            OpenPBS-2.3 OpenVision OPL-1.0 OPUBL-1.0 OSC-1.0 OSSP PADL ParaType-Free-Font-1.3 pkgconf pnmstitch \
            psfrag psutils python-ldap radvd Rdisc RSA-MD Saxpath SCEA SchemeReport Sendmail Sendmail-8.23 \
            SGI-OpenGL SGMLUG-PM SGP4 SL SMPPL SNIA snprintf SOFA softSurfer Soundex ssh-keyscan SugarCRM-1.1.3 \
            SunPro SWL swrule Symlinks TAPR-OHL-1.0 TCP-wrappers TekHVC ThirdEye threeparttable TMate TORQUE-1.1 \
            TOSL TPDL TPL-1.0 TrustedQSL TTWL TTYP0 Ubuntu-font-1.0 ulem UMich-Merit Unicode-TOU UnixCrypt \
            URT-RLE VOSTROM VSL-1.0 w3m Widget-Workshop Wsuipa WTFNMFPL wwl Xdebug-1.03 Xfig xinetd \
            xkeyboard-config-Zinoviev xlock xpp XSkat xzoom Zed Zeeff
            """
        ),
    ]

    /// Identifiers of exceptions, by which a licence is loosened (`WITH`), by their lower case.
    static let exceptions: [String: String] = {
        let ids = exceptionList.split(separator: " ").map(String.init)
        return Dictionary(ids.map { ($0.lowercased(), $0) }) { first, _ in first }
    }()

    private static let exceptionList = """
        389-exception Asterisk-exception Asterisk-linking-protocols-exception Autoconf-exception-2.0 \
        Autoconf-exception-3.0 Autoconf-exception-generic Autoconf-exception-generic-3.0 \
        Autoconf-exception-macro Bison-exception-1.24 Bison-exception-2.2 Bootloader-exception \
        CGAL-linking-exception Classpath-exception-2.0 Classpath-exception-2.0-short CLISP-exception-2.0 \
        cryptsetup-OpenSSL-exception Digia-Qt-LGPL-exception-1.1 DigiRule-FOSS-exception eCos-exception-2.0 \
        erlang-otp-linking-exception Fawkes-Runtime-exception FLTK-exception fmt-exception \
        Font-exception-2.0 freertos-exception-2.0 GCC-exception-2.0 GCC-exception-2.0-note GCC-exception-3.1 \
        Gmsh-exception GNAT-exception GNOME-examples-exception GNU-compiler-exception gnu-javamail-exception \
        Google-Patent-WebM GPL-3.0-389-ds-base-exception GPL-3.0-interface-exception \
        GPL-3.0-linking-exception GPL-3.0-linking-source-exception GPL-CC-1.0 GStreamer-exception-2005 \
        GStreamer-exception-2008 harbour-exception i2p-gpl-java-exception Independent-modules-exception \
        KiCad-libraries-exception kvirc-openssl-exception LGPL-3.0-linking-exception \
        libpri-OpenH323-exception Libtool-exception Linux-syscall-note LLGPL LLVM-exception LZMA-exception \
        mif-exception mxml-exception Nokia-Qt-exception-1.1 OCaml-LGPL-linking-exception OCCT-exception-1.0 \
        OpenJDK-assembly-exception-1.0 openvpn-openssl-exception PCRE2-exception polyparse-exception \
        PS-or-PDF-font-exception-20170817 QPL-1.0-INRIA-2004-exception Qt-GPL-exception-1.0 \
        Qt-LGPL-exception-1.1 Qwt-exception-1.0 romic-exception RRDtool-FLOSS-exception-2.0 \
        rsync-linking-exception SANE-exception SHL-2.0 SHL-2.1 Simple-Library-Usage-exception \
        Spelling-Provider-LGPL-exception sqlitestudio-OpenSSL-exception stunnel-exception SWI-exception \
        Swift-exception Texinfo-exception u-boot-exception-2.0 UBDL-exception Universal-FOSS-exception-1.0 \
        vsftpd-openssl-exception WxWindows-exception-3.1 x11vnc-openssl-exception
        """

    /// Deprecated identifiers, and the expressions that took their place.
    static let replacements: [String: String] = [
        "gpl-2.0-with-autoconf-exception": "GPL-2.0-only WITH Autoconf-exception-2.0",
        "gpl-2.0-with-bison-exception": "GPL-2.0-only WITH Bison-exception-2.2",
        "gpl-2.0-with-classpath-exception": "GPL-2.0-only WITH Classpath-exception-2.0",
        "gpl-2.0-with-font-exception": "GPL-2.0-only WITH Font-exception-2.0",
        "gpl-2.0-with-gcc-exception": "GPL-2.0-only WITH GCC-exception-2.0",
        "gpl-3.0-with-autoconf-exception": "GPL-3.0-only WITH Autoconf-exception-3.0",
        "gpl-3.0-with-gcc-exception": "GPL-3.0-only WITH GCC-exception-3.1",
        "ecos-2.0": "GPL-2.0-or-later WITH eCos-exception-2.0",
        "wxwindows": "LGPL-2.0-or-later WITH WxWindows-exception-3.1",
        "bsd-2-clause-freebsd": "BSD-2-Clause-Views",
        "bsd-2-clause-netbsd": "BSD-2-Clause",
        "standardml-nj": "SMLNJ",
        "bzip2-1.0.5": "bzip2-1.0.6",
    ]
}
