/// What stands often in logs, counted in logs of Go programs, of their runtime, in exports of event
/// logs and in output of services, each kind with the same weight; digits count as one.
extension LiteralRarity {
    /// Four bytes each, by minus the logarithm to base 2 of how often they stand at a place.
    static let commonGrams: [(bits: Int, grams: StaticString)] = [
        (
            6,
            #"""
            000000:00:00
            """#
        ),
        (
            7,
            #"""
            .go:0/0000/0000 0x00:000ain.go:0maino:00
            """#
        ),
        (
            8,
            #"""
                 +0x 000 00: 0x0","0"000+0x0, 0x.000/00//mai/ord/src0 +00 000","0-000.0000 +\#
            00 000",00-000.0000"000/:00 :00:atchbatcc/orc000d/maderderd/evenin.gn.gontimorde\#
            rc/orderruntsrc/timeuntiventx000
            """#
        ),
        (
            9,
            #"""
             bat pro":00+00:,"00-00--00t.fun/00 /bui/eve/go//hom/run/svc/use0+0000+0000-000f\#
            00t00t000xc0:/us:00.=000=0x0anicata>builc/ruc/src:/ucessd/srdatae 0 e/buers/evel\#
            funcgo/sgorohomeild/ime/ine infoing]inteld/sleveme/bne 0ningntero/srocesome/orou\#
            outip=0xpaniprocrc/rrd/mroceroutrs/srunns/svserssvc/t00:tch tineuildunc0userutin\#
            vc/sxc00
            """#
        ),
        (
            10,
            #"""
             0 [ 00  = 0 [bi [ru by  con err fil fp= gor in  inv lev msg nam of  pc= sp=","m\#
            ","t"0",":"0":"i"inf"lev"msg"ts"'/><'000(0x0,"0","ms,"ts.0.0.0.f.com.ini.mai/000\#
            /><e/dat/int/loc/pro/usr/win0 [b0 [r0 of0 pc0 sp0 | 0, 00.0.0.fu00 [00 o00 p00 |\#
            00,"000+000,000.000<000a000c000d000e00</00c000d000e000f00?, 0f000x0?:"00:"in:/pr\#
            :00":00+</da</ev<dat<eve= 00='00=0xc====>0</><da><ev?, 0[bil[run] pra naa><daaaa\#
            ain(al/gam fame=amplata atedbillc.goc:/pc=0xcal/ce 0ch 0chancodecom/compcread in\#
            d/ine 00e.coe.goeateed bed iel":ent entrernaerroersies/gesseexamf bafilefo",fp=0\#
            g":"g] pgramic: ice id='ilesilliime.ime=in()in.iin.mingeinitinvoit.0l":"l/golect\#
            les/lingllinlocalockm fim/wime.gme/pme='mplemsg"msg=n.inn.manal/namenc00nfo"ng] \#
            ng]:nic:nit.nninnvoio","ocalof bograoiceolleom/wpc=0ple.progqueur/loram rd/ireat\#
            recornalrogrrrors/gosed sg":sg="sionsp=0sr/lssedstemsyncsystt.0.ta nta><ted tern\#
            tionts":ueueunniusr/vel"vel=voicwinsx0?,xampyste{"le
            """#
        ),
        (
            11,
            #"""
               "   0  00 0 0 00. 0xc kb, mai ord que run sta sys | 0","r"0.0"00/":"c":"p":0,\#
            "bat"i":"pol"run(...(0xc({0x+0xf, 0 ,"0.,"i","ru-000-win...).exe/api/que/syn0 0 \#
            0 fp0 in0 kb0 le0 mb0 ms0,"i00 a00 d00 f00 k00 l00 m00 s00()00, 000'000?000b000m\#
            000}00: 00?,00a000b000ms0</e0a000b000c000d0-0d000e000fe00x0 0x0,0x0c0x0d0x0e0x0f\#
            0xfe: in: ru:"po:0,":00}>000></e><co\svc\wina000a></al/qanneapi/arn ask>atiobug \#
            bytec = c0()c00(c: rcallch":ch=0collconncontcordcrosctorcurid byd000d='0debuder \#
            dersdid>dowse ere":"e/pre0 se000e='pe=00ebugecorectoecured" el><em><entdentients\#
            ervieue.execeywof000fe0 ffffgesth 00h":0h=00hannhreahttpi":0icroid><ime ime"in g\#
            indoing insvion ion>kb, keywl","l/qule.cll",llecllerlow me eme/mme=0micrmputmute\#
            n gon":0nc0(ndownectnel>nfo ngesnil nnecnnelnsvcntdantidntrentryoc.gode>oll"ompu\#
            onneopcoor: ordiordsosofow qpcodpollpstrputequerr.gorc/srdidrds>readreamrityroc.\#
            ror:rosorsiorun"rv00rvics":"s":0s=00secuservslowsoftsrv0storstresvc\t 00t.gotask\#
            tch"tch=tdattem>ter>tes"testth 0thretingtordtreatrecueryun":upsturituterutexvc/o\#
            vel>versvicevidew quwarnwindwordworkx0, ync.ytesywor{0x0| 00
            """#
        ),
    ]

    /// The same for one byte.
    static func generalByte(_ byte: UInt8) -> Int {
        switch byte {
        case 0x30: 2
        case 0x20, UInt8(ascii: "e"): 4
        case UInt8(ascii: "k"), UInt8(ascii: "w"), UInt8(ascii: "y"): 8
        case UInt8(ascii: "q"), UInt8(ascii: "j"), UInt8(ascii: "z"): 10
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "\""), UInt8(ascii: "/"),
            UInt8(ascii: ":"), UInt8(ascii: "."), UInt8(ascii: "-"):
            6
        case 0x0A, UInt8(ascii: ","), UInt8(ascii: "="), UInt8(ascii: "<"), UInt8(ascii: ">"): 7
        case 0x09, 0x0D, 0x21...0x7E: 9
        default: 12
        }
    }
}
