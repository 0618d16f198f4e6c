export interface Present { id: string }
