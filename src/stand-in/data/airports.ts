export interface Airport {
  iata: string;
  icao: string;
  /** IANA name. */
  zone: string;
  /** Degrees. */
  latitude: number;
  longitude: number;
  name: string;
}

/** Real airports. Names as the API writes them where a recorded answer shows them. */
const TABLE = `
ATL KATL America/New_York                33.637  -84.428 Hartsfield-jackson Atlanta International
BOS KBOS America/New_York                42.363  -71.006 Logan International
CLT KCLT America/New_York                35.214  -80.943 Charlotte Douglas
DEN KDEN America/Denver                  39.862 -104.673 Denver International
DFW KDFW America/Chicago                 32.897  -97.038 Dallas/Fort Worth International
DTW KDTW America/Detroit                 42.212  -83.353 Detroit Metropolitan Wayne County
EWR KEWR America/New_York                40.693  -74.169 Newark Liberty International
HNL PHNL Pacific/Honolulu                21.319 -157.922 Honolulu International
IAD KIAD America/New_York                38.945  -77.456 Washington Dulles International
JFK KJFK America/New_York                40.640  -73.779 John F Kennedy International
LAX KLAX America/Los_Angeles             33.943 -118.408 Los Angeles International
MIA KMIA America/New_York                25.793  -80.291 Miami International Airport
MSP KMSP America/Chicago                 44.882  -93.222 Minneapolis - St. Paul International
ORD KORD America/Chicago                 41.979  -87.905 Chicago O'hare International
PHX KPHX America/Phoenix                 33.434 -112.012 Phoenix Sky Harbor International
SEA KSEA America/Los_Angeles             47.449 -122.309 Seattle-Tacoma International
SFO KSFO America/Los_Angeles             37.619 -122.375 San Francisco International
YUL CYUL America/Toronto                 45.470  -73.741 Montreal-Pierre Elliott Trudeau International
YVR CYVR America/Vancouver               49.194 -123.184 Vancouver International
YYZ CYYZ America/Toronto                 43.677  -79.631 Lester B. Pearson International
BOG SKBO America/Bogota                   4.702  -74.147 El Dorado International
EZE SAEZ America/Argentina/Buenos_Aires -34.822  -58.536 Ministro Pistarini
GRU SBGR America/Sao_Paulo              -23.432  -46.470 São Paulo/Guarulhos International
LIM SPJC America/Lima                   -12.022  -77.114 Jorge Chavez International
MEX MMMX America/Mexico_City             19.436  -99.072 Lic. Benito Juárez International
SCL SCEL America/Santiago               -33.393  -70.786 Arturo Merino Benitez
AMS EHAM Europe/Amsterdam                52.309    4.764 Schiphol
ATH LGAV Europe/Athens                   37.936   23.944 Athens International Airport "Eleftherios Venizelos"
BCN LEBL Europe/Madrid                   41.297    2.078 El Prat De Llobregat
BER EDDB Europe/Berlin                   52.362   13.501 Berlin Brandenburg Airport
CDG LFPG Europe/Paris                    49.013    2.550 Charles De Gaulle
CPH EKCH Europe/Copenhagen               55.618   12.656 Copenhagen Kastrup Airport
DUB EIDW Europe/Dublin                   53.421   -6.270 Dublin International
FCO LIRF Europe/Rome                     41.804   12.251 Leonardo Da Vinci (Fiumicino)
FRA EDDF Europe/Berlin                   50.026    8.543 Frankfurt International Airport
GVA LSGG Europe/Zurich                   46.238    6.109 Geneve-Cointrin
HAM EDDH Europe/Berlin                   53.630    9.988 Hamburg Airport
IST LTFM Europe/Istanbul                 41.275   28.752 Istanbul Airport
LHR EGLL Europe/London                   51.471   -0.461 Heathrow
LIS LPPT Europe/Lisbon                   38.774   -9.134 Lisbon Portela
LYS LFLL Europe/Paris                    45.726    5.091 St-Exupéry
MAD LEMD Europe/Madrid                   40.472   -3.563 Barajas
MUC EDDM Europe/Berlin                   48.354   11.786 Franz Josef Strauss
VIE LOWW Europe/Vienna                   48.110   16.570 Vienna International
WAW EPWA Europe/Warsaw                   52.166   20.967 Frederic Chopin
ZRH LSZH Europe/Zurich                   47.458    8.548 Zurich
CAI HECA Africa/Cairo                    30.122   31.406 Cairo International
DXB OMDB Asia/Dubai                      25.253   55.364 Dubai
JNB FAOR Africa/Johannesburg            -26.139   28.246 OR Tambo International
BKK VTBS Asia/Bangkok                    13.681  100.747 Suvarnabhumi International
BOM VABB Asia/Kolkata                    19.089   72.868 Chhatrapati Shivaji International
CTS RJCC Asia/Tokyo                      42.775  141.692 New Chitose
DEL VIDP Asia/Kolkata                    28.566   77.103 Indira Gandhi International
FUK RJFF Asia/Tokyo                      33.586  130.451 Fukuoka
HKG VHHH Asia/Hong_Kong                  22.309  113.915 Hong Kong International
HND RJTT Asia/Tokyo                      35.552  139.780 Haneda Airport
ICN RKSI Asia/Seoul                      37.469  126.451 Seoul (Incheon)
ITM RJOO Asia/Tokyo                      34.786  135.438 Itami
KOJ RJFK Asia/Tokyo                      31.803  130.719 Kagoshima
NRT RJAA Asia/Tokyo                      35.765  140.386 Narita International Airport
OKA ROAH Asia/Tokyo                      26.196  127.646 Naha
PVG ZSPD Asia/Shanghai                   31.143  121.805 Shanghai Pudong International
SIN WSSS Asia/Singapore                   1.350  103.994 Singapore Changi
AKL NZAA Pacific/Auckland               -37.008  174.792 Auckland International
BNE YBBN Australia/Brisbane             -27.384  153.117 Brisbane International
MEL YMML Australia/Melbourne            -37.673  144.843 Melbourne - Tullamarine Airport
PER YPPH Australia/Perth                -31.940  115.967 Perth International
SYD YSSY Australia/Sydney               -33.946  151.177 Sydney Kingsford Smith Airport
`;

export const AIRPORTS: ReadonlyMap<string, Airport> = new Map(
  TABLE.trim()
    .split('\n')
    .map((line) => {
      const [iata = '', icao = '', zone = '', latitude, longitude, ...name] = line.split(/ +/);
      return [
        iata,
        { iata, icao, zone, latitude: Number(latitude), longitude: Number(longitude), name: name.join(' ') },
      ];
    }),
);

/** The airports of a list of IATA codes with spaces between them. */
export function airportsOf(codes: string): Airport[] {
  return codes.split(' ').map((code) => {
    const airport = AIRPORTS.get(code);
    if (airport === undefined) throw new Error(`no airport ${code} in the table`);
    return airport;
  });
}

/** Kilometres over the great circle. */
export function distance(from: Airport, to: Airport): number {
  const radians = Math.PI / 180;
  const half = (degrees: number) => Math.sin((degrees * radians) / 2) ** 2;
  const share =
    half(to.latitude - from.latitude) +
    Math.cos(from.latitude * radians) * Math.cos(to.latitude * radians) * half(to.longitude - from.longitude);
  return 12_742 * Math.asin(Math.sqrt(share));
}

/** Compass direction at the start of the great circle, whole degrees from 0 to 359. */
export function bearing(from: Airport, to: Airport): number {
  const radians = Math.PI / 180;
  const turn = (to.longitude - from.longitude) * radians;
  const [start, end] = [from.latitude * radians, to.latitude * radians];
  const east = Math.sin(turn) * Math.cos(end);
  const north = Math.cos(start) * Math.sin(end) - Math.sin(start) * Math.cos(end) * Math.cos(turn);
  return (Math.round(Math.atan2(east, north) / radians) + 360) % 360;
}
